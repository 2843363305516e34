import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId as accountIdOf, eventId, newId, raiseFloors, type Floor } from '@signet/contracts';
import { Sweeps } from '../src/sweeps/sweeps.js';
import {
  codeOf,
  meddle,
  populate,
  post,
  redemption,
  refresh,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let sweeps: Sweeps;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  sweeps = mesh.replicas[0].service.app.get(Sweeps);
});
afterAll(() => mesh.stop());

const shop = () => ({ authorization: acme.authorization });
const familyOf = async (session: string) =>
  (await mesh.database.query<{ id: string }>('select id from token.family where session_id = $1', [session]))[0]?.id;

async function signIn() {
  const { code, request } = await codeOf(mesh, acme);
  const { body } = await post(mesh.replicas[0], '/token', redemption(code), shop());
  const session = request.authentication.sessionId;
  return { tokens: body as unknown as Tokens, session, family: (await familyOf(session)) ?? '' };
}

const floors = async (key: string) =>
  (await mesh.database.query('select 1 from token.floor where key = $1', [key])).length;

describe('a sweep', () => {
  it('ends families that expired, records it once, and leaves the others', async () => {
    const over = await signIn();
    const alive = await signIn();
    await meddle(mesh, `update token.family set expires_at = clock_timestamp() where id = '${over.family}'`);
    await Promise.all(mesh.replicas.map(({ service }) => service.app.get(Sweeps).families()));
    expect(await familyOf(over.session)).toBeUndefined();
    expect(await familyOf(alive.session)).toBe(alive.family);
    const ended = (await mesh.recorded('signet.token.family.ended.v1')).filter(
      (event) => event['aggregate'] === `family:${over.family}`,
    );
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({ reason: 'expired', client: 'shop', aggregateversion: 1 });
  });

  it('says nothing more of families that had ended', async () => {
    const { tokens, family } = await signIn();
    await post(mesh.replicas[0], '/revoke', { token: tokens.refresh_token ?? '' }, shop());
    await meddle(mesh, `update token.family set expires_at = clock_timestamp() where id = '${family}'`);
    await sweeps.families();
    const ended = (await mesh.recorded('signet.token.family.ended.v1')).filter(
      (event) => event['aggregate'] === `family:${family}`,
    );
    expect(ended.map(({ reason }) => reason)).toEqual(['revoked']);
  });

  it('forgets floors that nothing is left of, and never one that a family lies under', async () => {
    const { session, tokens } = await signIn();
    const gone = newId(eventId);
    const floor = (sessionId: string): Floor => ({
      kind: 'session',
      raiseId: newId(eventId),
      tenantId: acme.tenant.id,
      reason: 'test',
      sessionId: sessionId as never,
      expiresAt: (mesh.replicas[0].service.parts.database.now() + 60_000_000) as never,
    });
    await mesh.ask(raiseFloors, { floors: [floor(session), floor(gone)] });
    await mesh.ask(raiseFloors, {
      floors: [
        {
          kind: 'account',
          raiseId: newId(eventId),
          tenantId: acme.tenant.id,
          reason: 'test',
          accountId: acme.alice.accountId,
        },
      ],
    });
    await meddle(
      mesh,
      `update token.floor set expires_at = clock_timestamp() - interval '61 seconds' where kind = 'session'`,
    );
    await meddle(
      mesh,
      `update token.floor set changed_at = clock_timestamp() - interval '1 year' where kind = 'account'`,
    );
    await sweeps.floors();
    expect(await floors(gone)).toBe(0);
    expect(await floors(session)).toBe(1);
    expect(await floors(acme.alice.accountId)).toBe(1);
    expect((await post(mesh.replicas[0], '/token', refresh(tokens.refresh_token), shop())).body).toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('dates floors that whoever raised them left undated, and each once', async () => {
    const accountId = newId(accountIdOf);
    const raiseId = newId(eventId);
    await mesh.ask(raiseFloors, {
      floors: [{ kind: 'account', raiseId, tenantId: acme.tenant.id, reason: 'test', accountId }],
    });
    const datedAt = async () =>
      (await mesh.database.query<{ at: string }>('select at::text from token.floor where key = $1', [accountId]))[0]
        ?.at;
    const first = await datedAt();
    await sweeps.undatedFloors();
    expect(await datedAt()).toBe(first);
    await meddle(
      mesh,
      `update token.raise set redated_at = null, raised_at = clock_timestamp() - interval '2 seconds' where id = '${raiseId}'`,
    );
    await Promise.all(mesh.replicas.map(({ service }) => service.app.get(Sweeps).undatedFloors()));
    const second = await datedAt();
    expect(second).not.toBe(first);
    await sweeps.undatedFloors();
    expect(await datedAt()).toBe(second);
  });

  it('makes the partitions of codes before they are needed', async () => {
    await sweeps.partitions();
    const rows = await mesh.database.query<{ name: string }>(
      `select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'token.code'::regclass`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(4);
    const { request } = await codeOf(mesh, acme);
    const [row] = await mesh.database.query<{ place: string }>(
      'select tableoid::regclass::text as place from token.code where id = $1',
      [request.code.id],
    );
    expect(row?.place).toMatch(/^token\.code_\d{8}$/);
  });
});
