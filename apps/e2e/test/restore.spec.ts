import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantId, sessionId, showId } from '@signet/contracts';
import { decodeJwt } from 'jose';
import {
  AuditLog,
  callback,
  consoleClient,
  databaseAt,
  DebianPostgres,
  Plane,
  Program,
  RawClient,
  secrets,
  twinTenants,
  until,
  UserAgent,
  type Code,
  type TokenSet,
} from '../src/index.js';

const files = mkdtempSync(path.join(tmpdir(), 'signet-e2e-restore-'));
const dump = path.join(files, 'signet.dump');
const roles = path.join(files, 'roles.sql');

let postgres: DebianPostgres;
let plane: Plane;
let demo: RawClient;
let television: RawClient;
let administrator: RawClient;
let log: AuditLog;

beforeAll(async () => {
  postgres = await DebianPostgres.start();
  await postgres.tool('createdb', 'signet');
  plane = await Plane.start({
    ...{ form: 'one process', configuration: twinTenants([consoleClient]) },
    database: await databaseAt(postgres.url('signet')),
  });
  demo = new RawClient(plane.issuer, 'globex', 'demo', secrets.demo);
  television = new RawClient(plane.issuer, 'globex', 'demo-tv');
  administrator = new RawClient(plane.issuer, 'default', consoleClient.client_id, consoleClient.client_secret);
  log = new AuditLog(plane);
}, 120_000);
afterAll(async () => {
  await plane.stop();
  await postgres.stop();
  rmSync(files, { recursive: true, force: true });
});

const service = () => plane.part('token');
const logged = async () => new Set((await log.entries()).map(({ id }) => id));

/** Where the person is sent without being asked anything, or what they are shown. */
async function silently({ agent }: Code): Promise<string | null | undefined> {
  const { left } = await agent.open(demo.authorizationUrl({ prompt: 'none' }));
  return left?.searchParams.get('error');
}

/** Verifies the default tenant's log as somebody outside does, who keeps in a file of this name what was seen of it. */
async function verify(state: string): Promise<string> {
  await log.settled();
  await plane.query((client) =>
    until('every log to be signed', async () => {
      const { rows } = await client.query(
        'select from audit.log_head head left join audit.tree using (tenant_id) where head.size > coalesce(tree.size, 0)',
      );
      return rows.length === 0 || undefined;
    }),
  );
  const { body } = await administrator.token({ grant_type: 'client_credentials', scope: 'signet:admin' });
  writeFileSync(path.join(files, 'token'), String(body['access_token']));
  const [key, token] = [(await plane.signet('audit', 'key')).trim(), path.join(files, 'token')];
  const given = ['--key', key, '--token-file', token, '--state', path.join(files, state)];
  return plane.signet('audit', 'verify', `${plane.issuer}/audit/v1/log`, ...given);
}

describe('a backup of Debian’s PostgreSQL, taken by pg_dump and restored into a new cluster', () => {
  let rotated: TokenSet & Code;
  let spent: Code;
  let withdrawn: TokenSet & Code;
  let listed: string;
  let successor: TokenSet;
  let waiting: string;
  let pushed: string;
  let undone: ReadonlySet<string>;

  it('is taken while everything runs', async () => {
    rotated = await demo.signInForTokens();
    withdrawn = await new RawClient(plane.issuer, 'globex', 'other', secrets.other).signInForTokens();
    spent = await demo.signIn();
    waiting = String((await television.post('/device_authorization', { scope: 'openid' })).body['device_code']);
    const asked = { response_type: 'code', redirect_uri: callback, scope: 'openid', state: 'a state' };
    pushed = String((await demo.post('/par', asked)).body['request_uri']);
    await log.settled();
    const before = await logged();
    await postgres.tool('pg_dump', '--format=custom', `--file=${dump}`, 'signet');
    await postgres.tool('pg_dumpall', '--roles-only', `--file=${roles}`);

    // What the backup knows nothing of.
    successor = (await demo.refresh(rotated.refresh_token)).body as unknown as TokenSet;
    expect((await demo.redeem(spent)).status).toBe(200);
    const scope = 'openid profile email offline_access api:read';
    listed = listOf((await demo.signInForTokens({ scope }, rotated.agent)).access_token);
    expect((await fetch(listed)).status).toBe(200);
    const [grant, session] = await plane.query(async (client) => {
      const { rows } = await client.query<{ grant: string; session: string }>(
        `select f.grant_id as grant, f.session_id as session from token.family f where f.client_id = 'other'`,
      );
      return [rows[0]?.grant ?? '', rows[0]?.session ?? ''];
    });
    const tenant = await tenantOf('globex');
    await plane.signet('revoke', 'grant', showId('gra', grantId.parse(grant)), '--tenant', tenant);
    await plane.signet('revoke', 'session', showId('ses', sessionId.parse(session)), '--tenant', tenant);
    await log.settled();
    undone = new Set([...(await logged())].filter((id) => !before.has(id)));
    expect(undone.size).toBeGreaterThan(3);
    expect(await verify('seen')).toContain('nothing was seen of it before');
  }, 60_000);

  it('may not be declared while a service runs', async () => {
    await expect(plane.signet('database', 'restored')).rejects.toThrow('stop every service first');
  });

  it('starts no service before it is declared', async () => {
    await service().program.stop();
    const { port } = postgres;
    await postgres.stop();
    postgres = await DebianPostgres.start(port);
    // The role of the superuser is there already, and told of.
    await postgres.tool('psql', '--quiet', '--dbname=postgres', `--file=${roles}`);
    await postgres.tool('pg_restore', '--create', '--exit-on-error', '--dbname=postgres', dump);

    const file = path.join(files, 'refused.log');
    const refused = new Program(
      'token',
      process.execPath,
      ['apps/signet/bin/signet.cjs', 'serve', 'token'],
      plane.env,
      file,
    );
    expect(await refused.exited).toBe(2);
    expect(readFileSync(file, 'utf8')).toContain('run `signet database restored` first');
  }, 60_000);

  it('is declared once', async () => {
    expect(await plane.signet('database', 'restored')).toContain('token: epoch 2');
    expect(await plane.signet('database', 'restored')).not.toContain('epoch');
    await service().start();
  }, 60_000);

  it('takes no refresh token of before', async () => {
    for (const { refresh_token: token } of [rotated, successor, withdrawn])
      expect((await demo.refresh(token)).body['error']).toBe('invalid_grant');
  });

  it('takes no code of before, and knows no access token of before for good', async () => {
    expect((await demo.redeem(spent)).body['error']).toBe('invalid_grant');
    for (const { access_token: token } of [rotated, successor])
      expect((await demo.introspect(token)).body).toEqual({ active: false });
  });

  it('knows no device and no pushed request that waited', async () => {
    const polled = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: waiting };
    expect((await television.token(polled)).body['error']).toBe('invalid_grant');
    const query = new URLSearchParams({ client_id: 'demo', request_uri: pushed });
    const shown = await new UserAgent(plane.issuer).open(`${demo.at('/authorize')}?${query.toString()}`);
    expect([shown.left, shown.status]).toEqual([undefined, 400]);
  });

  it('has no status list that a token of before could be looked up in, and others for new ones', async () => {
    expect((await fetch(listed)).status).toBe(404);
    const scope = 'openid profile email offline_access api:read';
    const fresh = listOf((await demo.signInForTokens({ scope })).access_token);
    expect([fresh === listed, (await fetch(fresh)).status]).toEqual([false, 200]);
  });

  it('ends every session, and tells of it', async () => {
    for (const one of [rotated, withdrawn, spent]) expect(await silently(one)).toBe('login_required');
    await log.settled();
    const { rows } = await plane.query((client) =>
      client.query(
        `select count(*) filter (where ended_at is null) as live, count(ended_at) as ended from session.session`,
      ),
    );
    // The one that is live began after the restore.
    expect(rows).toEqual([{ live: '1', ended: '3' }]);
  }, 60_000);

  it('asks anew for what people had agreed to', async () => {
    const { rows } = await plane.query((client) =>
      client.query(`select count(*) as agreed from token."grant" where agreed_at is not null and client_id = 'other'`),
    );
    expect(rows).toEqual([{ agreed: '0' }]);
    const { agent, refresh_token: fresh } = await demo.signInForTokens();
    expect(await silently({ agent, code: '', verifier: '' })).toBeNull();
    expect((await demo.refresh(fresh)).status).toBe(200);
  });

  it('keeps what the stream still had of the undone time out of the log, and records the restore', async () => {
    await log.settled();
    const entries = await log.entries();
    expect(entries.filter(({ id }) => undone.has(id))).toEqual([]);
    expect(entries.map(({ type }) => type)).toContain('signet.token.state.restored.v1');
  }, 60_000);

  it('has a log that fits, and that is not the one whose later checkpoint somebody has seen', async () => {
    await expect(verify('seen')).rejects.toThrow('ended with 3');
    expect(await verify('anew')).toContain('nothing was seen of it before');
  }, 60_000);
});

/** The status list that an access token names. */
const listOf = (token: string) => (decodeJwt(token)['status'] as { status_list: { uri: string } }).status_list.uri;

async function tenantOf(slug: string): Promise<string> {
  const line = (await plane.signet('tenants', 'list')).split('\n').find((each) => each.includes(`  ${slug}  `));
  return line?.split(' ')[0] ?? '';
}
