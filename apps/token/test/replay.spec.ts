import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  basic,
  claimsOf,
  codeOf,
  isActive,
  meddle,
  populate,
  post,
  redemption,
  refresh,
  secret,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';
import { toldOf } from './support/told.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const confidential = () => ({ authorization: acme.authorization });
const token = (
  fields: Parameters<typeof post>[2],
  headers: Record<string, string> = confidential(),
  replica?: Replica,
) => post(replica ?? mesh.replicas[0], '/token', fields, headers);
const everywhere = <T>(times: number, ask: (replica: Replica) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => ask(mesh.replicas[index % 2 === 0 ? 0 : 1])));
const active = (jwt: string | undefined, at = 0) => isActive(mesh, acme, jwt, at);
const eventsOf = async (type: string, aggregate: string) =>
  (await mesh.recorded(type)).filter((event) => event['aggregate'] === aggregate);

describe('a code', () => {
  it('is redeemed once, however many ask at once at whichever replica', async () => {
    const { code, request } = await codeOf(mesh, acme);
    const answers = await everywhere(20, (replica) => token(redemption(code), confidential(), replica));
    expect(toldOf(answers)).toEqual([...Array<string>(19).fill('nothing'), 'tokens']);
    expect(await eventsOf('signet.token.code.redeemed.v1', `code:${request.code.id}`)).toHaveLength(1);
    const families = await mesh.database.query('select 1 from token.family where session_id = $1', [
      request.authentication.sessionId,
    ]);
    expect(families).toHaveLength(1);
  });

  it('that its client brings again takes back what it gave', async () => {
    const { code, request } = await codeOf(mesh, acme);
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    expect(await active(tokens.access_token)).toBe(true);
    // Being authenticated is enough: a wrong verifier does not save it.
    const again = await token(redemption(code, { code_verifier: 'w'.repeat(43) }));
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await active(tokens.access_token)).toBe(false);
    expect((await token(refresh(tokens.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
    const [replayed] = await eventsOf('signet.token.code.replayed.v1', `code:${request.code.id}`);
    expect(replayed).toMatchObject({ data: { revoked: true }, aggregateversion: 3 });
    // Its refusal is that one event.
    const refused = await mesh.recorded('signet.token.code.refused.v1');
    expect(refused.filter(({ reason }) => reason === 'code_replayed')).toHaveLength(0);
  });

  it('that was replayed is known so after a restart', async () => {
    const { code } = await codeOf(mesh, acme);
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    await token(redemption(code));
    const fresh = await mesh.start();
    expect((await post(fresh, '/introspect', { token: tokens.access_token }, confidential())).body).toEqual({
      active: false,
    });
    expect((await token(redemption(code), confidential(), fresh)).body).toMatchObject({ error: 'invalid_grant' });
    await fresh.stop();
  });

  it('that somebody else replays stays with its client, and is an event', async () => {
    mesh.directory.clients.push({ ...acme.shop, clientId: 'thief' });
    const { code } = await codeOf(mesh, acme);
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    const theirs = await token(redemption(code), { authorization: basic('thief', secret) });
    expect(theirs).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await active(tokens.access_token)).toBe(true);
    expect((await token(refresh(tokens.refresh_token))).status).toBe(200);
    expect((await mesh.recorded('signet.token.code.replayed.v1')).at(-1)).toMatchObject({
      client: 'thief',
      data: { revoked: false },
    });
  });

  it.each([
    ['with its verifier: it is the client', redemption, false],
    [
      'without its verifier: it is anybody',
      (code: string) => redemption(code, { code_verifier: 'w'.repeat(43) }),
      true,
    ],
  ])('of a public client, replayed %s', async (_case, replay, survives) => {
    const { code } = await codeOf(mesh, acme, { clientId: 'spa' });
    const tokens = (await token({ ...redemption(code), client_id: 'spa' }, {})).body as unknown as Tokens;
    const again = await token({ ...replay(code), client_id: 'spa' }, {});
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const next = await token({ ...refresh(tokens.refresh_token), client_id: 'spa' }, {});
    expect(next.status).toBe(survives ? 200 : 400);
  });

  it('of which nothing but an access token came is taken back like that', async () => {
    mesh.directory.clients.push({ ...acme.shop, clientId: 'plain', grantTypes: ['authorization_code'] });
    const plain = { authorization: basic('plain', secret) };
    const { code } = await codeOf(mesh, acme, { clientId: 'plain' });
    const tokens = (await token(redemption(code), plain)).body as unknown as Tokens;
    await token(redemption(code), plain);
    const seen = await post(mesh.replicas[0], '/introspect', { token: tokens.access_token }, plain);
    expect(seen.body).toEqual({ active: false });
  });

  it.each([
    ['its minute is over', 'expires_at'],
    ['its session is over', 'session_expires_at'],
  ])('is refused when %s', async (_case, column) => {
    const { code, request } = await codeOf(mesh, acme);
    await meddle(mesh, `update token.code set ${column} = clock_timestamp() where id = '${request.code.id}'`);
    expect((await token(redemption(code))).body).toMatchObject({ error: 'invalid_grant' });
    expect((await mesh.recorded('signet.token.code.refused.v1')).at(-1)).toMatchObject({ reason: 'code_expired' });
  });
});

describe('a refresh token', () => {
  const offline = { scopes: ['openid', 'offline_access', 'demo:read'] };

  it('gives its successor once, however many ask at once at whichever replica', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const answers = await everywhere(20, (replica) => token(refresh(tokens.refresh_token), confidential(), replica));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body['refresh_token'])).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body['access_token'])).size).toBe(20);
    const [family] = await mesh.database.query<{ generation: string; version: string; id: string }>(
      'select id, generation, version from token.family order by created_at desc limit 1',
    );
    expect(family).toMatchObject({ generation: '1', version: '20' });
    const aggregate = `family:${family?.id ?? ''}`;
    expect(await eventsOf('signet.token.family.rotated.v1', aggregate)).toHaveLength(1);
    expect(await eventsOf('signet.token.family.repeated.v1', aggregate)).toHaveLength(19);
  });

  // OpenID Connect Core 1.0 section 12.2
  it('gives an ID token of the same sign-in, without its nonce', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const first = claimsOf(tokens.id_token ?? '');
    expect(first['nonce']).toBe('n-0S6');
    const refreshed = claimsOf(String((await token(refresh(tokens.refresh_token))).body['id_token']));
    for (const name of ['iss', 'sub', 'aud', 'sid', 'auth_time']) {
      expect([name, refreshed[name]]).toEqual([name, first[name]]);
    }
    expect(refreshed).not.toHaveProperty('nonce');
  });

  it('that comes back when its successor was used ends the family and all that came of it', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const second = (await token(refresh(tokens.refresh_token))).body as unknown as Tokens;
    const third = (await token(refresh(second.refresh_token))).body as unknown as Tokens;
    expect(await active(third.access_token)).toBe(true);
    expect((await token(refresh(tokens.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
    for (const { access_token } of [tokens, second, third]) expect(await active(access_token)).toBe(false);
    expect((await token(refresh(third.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
    expect((await mesh.recorded('signet.token.family.reused.v1')).at(-1)).toMatchObject({ data: { presented: 0 } });
    expect((await mesh.recorded('signet.token.refresh.refused.v1')).at(-1)).toMatchObject({
      reason: 'refresh_token_ended',
    });
  });

  it('that comes back after the grace ends the family', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const second = (await token(refresh(tokens.refresh_token))).body as unknown as Tokens;
    await meddle(mesh, `update token.family set rotated_at = rotated_at - interval '11 seconds' where generation = 1`);
    expect((await token(refresh(tokens.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
    expect((await token(refresh(second.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
  });

  it.each<[string, () => Promise<{ headers: Record<string, string>; changes?: (text: string) => string }>]>([
    [
      'from another client',
      () => {
        mesh.directory.clients.push({ ...acme.shop, clientId: 'finder' });
        return Promise.resolve({ headers: { authorization: basic('finder', secret) } });
      },
    ],
    [
      'with a changed generation',
      () => Promise.resolve({ headers: confidential(), changes: (t) => t.replace(/\.0\./, '.1.') }),
    ],
    ['with a changed MAC', () => Promise.resolve({ headers: confidential(), changes: (t) => `${t.slice(0, -4)}AAAA` })],
    ['with a text after it', () => Promise.resolve({ headers: confidential(), changes: (t) => `${t}.x` })],
  ])('%s is refused, and nothing happens to the family', async (_case, prepare) => {
    const tokens = await tokensOf(mesh, acme, offline);
    const { headers, changes = (text: string) => text } = await prepare();
    const refused = await token(refresh(changes(tokens.refresh_token ?? '')), headers);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token(refresh(tokens.refresh_token))).status).toBe(200);
  });

  it('of one tenant is nothing at another', async () => {
    const globex = await populate(mesh, 'globex');
    const tokens = await tokensOf(mesh, acme, offline);
    const theirs = await post(mesh.replicas[0], '/token/t/globex', refresh(tokens.refresh_token), {
      authorization: globex.authorization,
    });
    expect(theirs).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('may narrow its scope for one answer, and never widen it', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const wide = await token(refresh(tokens.refresh_token, { scope: 'openid email' }));
    expect(wide).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    const narrow = await token(refresh(tokens.refresh_token, { scope: 'openid' }));
    expect(narrow).toMatchObject({ status: 200, body: { scope: 'openid' } });
    const whole = await token(refresh(String(narrow.body['refresh_token'])));
    expect(whole.body['scope']).toBe('openid offline_access demo:read');
  });

  it.each([
    ['unused too long', 'expires_at = clock_timestamp()'],
    ['of a restored database', undefined],
  ])('%s is refused', async (_case, change) => {
    const tokens = await tokensOf(mesh, acme, offline);
    if (change === undefined) await meddle(mesh, 'update token.epoch set value = value + 1');
    else await meddle(mesh, `update token.family set ${change}`);
    expect((await token(refresh(tokens.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('is pushed on by its use, and never beyond the absolute lifetime of its family', async () => {
    const tokens = await tokensOf(mesh, acme, offline);
    const family = `id = (select id from token.family order by created_at desc limit 1)`;
    const seconds = async () => {
      const [row] = await mesh.database.query<{ idle: number; absolute: number }>(
        `select round(extract(epoch from expires_at - rotated_at))::int as idle,
          round(extract(epoch from absolute_expires_at - rotated_at))::int as absolute from token.family where ${family}`,
      );
      return row;
    };
    const { idle } = acme.tenant.policies.refresh;
    await meddle(
      mesh,
      `update token.family set expires_at = clock_timestamp() + interval '60 seconds' where ${family}`,
    );
    const second = (await token(refresh(tokens.refresh_token))).body as unknown as Tokens;
    expect((await seconds())?.idle).toBe(idle);
    await meddle(
      mesh,
      `update token.family set absolute_expires_at = now() + interval '90 seconds',
        expires_at = now() + interval '90 seconds' where ${family}`,
    );
    expect((await token(refresh(second.refresh_token))).status).toBe(200);
    const last = await seconds();
    expect(last?.idle).toBe(last?.absolute);
    expect(last?.idle).toBeLessThanOrEqual(90);
  });

  it('without offline_access ends with its session, however short of idling that is', async () => {
    const { code, request } = await codeOf(mesh, acme);
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    const [family] = await mesh.database.query<{ ok: boolean }>(
      'select expires_at = session_expires_at as ok from token.family where session_id = $1',
      [request.authentication.sessionId],
    );
    expect(family?.ok).toBe(true);
    expect((await token(refresh(tokens.refresh_token))).status).toBe(200);
  });
});
