import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { showId } from '@signet/contracts';
import { freePort } from '@signet/testing';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { api, Plane, Program, RawClient, secrets, twinTenants, until, withinASecond, UserAgent } from '../src/index.js';

let plane: Plane;
let server: Program;
let notes: string;
let client: RawClient;
beforeAll(async () => {
  plane = await Plane.start({ form: 'five processes', configuration: twinTenants() });
  const port = await freePort();
  notes = `http://localhost:${port}/notes`;
  server = new Program(
    'resource server',
    process.execPath,
    ['examples/resource-server/dist/main.js'],
    { ISSUER: plane.issuer, AUDIENCE: api, PORT: String(port), SCOPE: 'api:read' },
    path.join(plane.directory, 'resource-server.log'),
  );
  await until('the resource server', async () => (await fetch(notes)).status === 401 || undefined);
  client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await plane.stop();
});

const scope = 'openid offline_access api:read';
const signIn = (agent?: UserAgent) => client.signInForTokens({ scope }, agent);
const asked = async (token: string) => (await fetch(notes, { headers: { authorization: `Bearer ${token}` } })).status;

/** The token's bit in its list, as this replica of token serves it; verified with jose. */
async function statusAt(replica: number, token: string): Promise<number> {
  const { status } = decodeJwt<{ status: { status_list: { idx: number; uri: string } } }>(token);
  const { idx, uri } = status.status_list;
  const answer = await fetch(plane.part('token', replica).origin + new URL(uri).pathname);
  const keys = createRemoteJWKSet(new URL(`${plane.issuer}/jwks`));
  const expected = { typ: 'statuslist+jwt', issuer: plane.issuer, subject: uri };
  const { payload } = await jwtVerify<{ status_list: { lst: string } }>(await answer.text(), keys, expected);
  const bits = inflateSync(Buffer.from(payload.status_list.lst, 'base64url'));
  return ((bits[idx >> 3] ?? 0) >> (idx & 7)) & 1;
}

// A revocation that was acknowledged is seen by every replica within a second (docs/adr/0002).
it('a token given back at one replica of token is invalid in the list of the other within a second', async () => {
  const { access_token: token } = await signIn();
  expect([await statusAt(0, token), await statusAt(1, token)]).toEqual([0, 0]);
  const here = new RawClient(plane.part('token', 0).origin, 'default', 'demo', secrets.demo);
  expect((await here.revoke(token)).status).toBe(200);
  await withinASecond(performance.now(), async () => {
    expect([await statusAt(0, token), await statusAt(1, token)]).toEqual([1, 1]);
  });
});

it('the example resource server takes a token that lives, and refuses it when it is revoked', async () => {
  const { access_token: token } = await signIn();
  const other = await signIn();
  expect(await asked(token)).toBe(200);
  expect((await client.revoke(token)).status).toBe(200);
  // Its own lag beside ours: the ttl, for which it goes by the list that it has.
  const acknowledged = performance.now() + 1_000;
  await withinASecond(acknowledged, async () => {
    expect(await asked(token)).toBe(401);
  });
  expect(await asked(other.access_token)).toBe(200);
});

it('an account is revoked with NATS and every service down; when they are back nothing of it lives', async () => {
  const agent = new UserAgent(plane.issuer);
  const tokens = await signIn(agent);
  const { rows } = await plane.query((client) =>
    client.query<{ id: string; tenant: string }>(
      'select account_id as id, tenant_id as tenant from token.family order by created_at desc limit 1',
    ),
  );
  const [account] = rows;
  await Promise.all(plane.parts.map(({ program }) => program.stop('SIGKILL')));
  await plane.nats.stop();
  const out = await plane.signet(
    ...['revoke', 'account', showId('acc', account?.id ?? '')],
    ...['--tenant', showId('ten', account?.tenant ?? ''), '--reason', 'laptop_stolen'],
  );
  expect(out).toMatch(/^revoked: account acc_[0-9a-f]{32}, of tenant ten_[0-9a-f]{32}\n$/);
  await plane.startNatsAgain();
  await Promise.all(plane.parts.map((part) => part.start()));
  for (const replica of [0, 1]) {
    const at = new RawClient(plane.part('token', replica).origin, 'default', 'demo', secrets.demo);
    expect((await at.introspect(tokens.access_token)).body).toEqual({ active: false });
    expect((await at.refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
    expect(await statusAt(replica, tokens.access_token)).toBe(1);
  }
  expect(await asked(tokens.access_token)).toBe(401);
  // Session hears of it by the event that waited in token's outbox.
  const ended = async () => {
    const text = 'select 1 from session.session where account_id = $1 and ended_at is null';
    const found = await plane.query((client) => client.query(text, [account?.id]));
    return found.rowCount === 0 || undefined;
  };
  await until('its sessions to end', ended);
  const answer = await agent.send(client.authorizationUrl({ prompt: 'none', scope }));
  expect(answer.headers.get('location')).toContain('error=login_required');
}, 120_000);
