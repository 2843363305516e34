import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, grantId, newId, sessionId, tenantId, type TenantId } from '@signet/contracts';
import { revokeAtDatabase, type Revocation } from '../src/index.js';
import { eventually } from './support/eventually.js';
import {
  codeOf,
  isActive,
  populate,
  post,
  refresh,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const revoke = (revocation: Revocation, tenant?: TenantId) =>
  revokeAtDatabase(
    { url: mesh.database.serviceUrl('token'), allowUnsafeDurability: true },
    { tenantId: tenant, revocation, reason: 'laptop_stolen' },
  );

interface Family extends Record<string, string> {
  account_id: string;
  grant_id: string;
  session_id: string;
}
const familyOf = async ({ refresh_token: token = '' }: Tokens): Promise<Family> => {
  const id = Buffer.from(token.split('.')[3] ?? '', 'base64url').toString('hex');
  const [family] = await mesh.database.query<Family>('select * from token.family where id = $1', [id]);
  if (family === undefined) throw new Error('there is no such family');
  return family;
};

const refused = async (tokens: Tokens): Promise<boolean> => {
  const { authorization } = acme;
  const answer = await post(mesh.replicas[0], '/token', refresh(tokens.refresh_token), { authorization });
  return answer.body['error'] === 'invalid_grant';
};

describe('an operator revokes', () => {
  it.each<[string, (family: Family) => Revocation]>([
    ['an account', (family) => ({ kind: 'account', id: accountId.parse(family.account_id) })],
    ['a session', (family) => ({ kind: 'session', id: sessionId.parse(family.session_id) })],
    ['a grant', (family) => ({ kind: 'grant', id: grantId.parse(family.grant_id) })],
    ['a client', () => ({ kind: 'client', id: 'shop' })],
    ['a tenant', () => ({ kind: 'tenant' })],
  ])('%s, and every replica refuses what rests on it', async (_case, revocationOf) => {
    const tokens = await tokensOf(mesh, acme);
    const revocation = revocationOf(await familyOf(tokens));
    expect(await revoke(revocation)).toEqual({ outcome: 'revoked', tenantId: acme.tenant.id, rests: true });
    expect(await refused(tokens)).toBe(true);
    const dead = async () =>
      !(await isActive(mesh, acme, tokens.access_token, 0)) && !(await isActive(mesh, acme, tokens.access_token, 1));
    expect(await eventually(dead, 1_000)).toBe(true);
    // Session hears of it by this event.
    expect((await mesh.recorded('signet.token.revocation.raised.v1')).at(-1)).toMatchObject({
      actor: 'operator:signet',
      reason: 'laptop_stolen',
      data: { kind: revocation.kind, key: 'id' in revocation ? revocation.id : '' },
    });
    // What begins anew lives.
    expect(await isActive(mesh, acme, (await tokensOf(mesh, acme)).access_token)).toBe(true);
  });

  it('a session of which there is a code alone', async () => {
    const { request } = await codeOf(mesh, acme);
    const revocation: Revocation = { kind: 'session', id: request.authentication.sessionId };
    expect(await revoke(revocation)).toMatchObject({ outcome: 'revoked', rests: true });
  });

  it('what token cannot look up: it is revoked all the same', async () => {
    const revocation: Revocation = { kind: 'grant', id: newId(grantId) };
    await mesh.database.query('alter table token."grant" rename to hidden');
    const outcome = await revoke(revocation).finally(() =>
      mesh.database.query('alter table token.hidden rename to "grant"'),
    );
    expect(outcome).toEqual({ outcome: 'revoked', tenantId: acme.tenant.id, rests: undefined });
    const raised = 'select kind from token.floor where key = $1';
    expect(await mesh.database.query(raised, [revocation.id])).toEqual([{ kind: 'grant' }]);
  });

  it('with no service up: a replica that starts later refuses it from its first answer on', async () => {
    const tokens = await tokensOf(mesh, acme);
    for (const replica of mesh.replicas) await replica.stop();
    await revoke({ kind: 'account', id: acme.alice.accountId });
    const fresh = await mesh.start();
    const { authorization } = acme;
    const seen = await post(fresh, '/introspect', { token: tokens.access_token }, { authorization });
    expect(seen.body).toEqual({ active: false });
    const again = await post(fresh, '/token', refresh(tokens.refresh_token), { authorization });
    expect(again.body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('what an operator mistypes', () => {
  it.each<[string, Revocation]>([
    ['an account', { kind: 'account', id: newId(accountId) }],
    ['a session', { kind: 'session', id: newId(sessionId) }],
    ['a grant', { kind: 'grant', id: newId(grantId) }],
    ['a client', { kind: 'client', id: 'shoop' }],
  ])('is told: %s that nothing rests on', async (_case, revocation) => {
    expect(await revoke(revocation)).toMatchObject({ outcome: 'revoked', rests: false });
  });

  it('is told: a tenant that there is not; nothing is raised at it', async () => {
    const nobody = newId(tenantId);
    expect(await revoke({ kind: 'tenant' }, nobody)).toEqual({ outcome: 'unknown_tenant' });
    expect(await mesh.database.query('select 1 from token.floor where tenant_id = $1', [nobody])).toEqual([]);
  });

  it('is asked for: which of several tenants', async () => {
    const keys = `insert into token.tenant_key select $1, kid || 'x', alg, generation, public_jwk, private, created_at, used_from
      from token.tenant_key limit 1`;
    await mesh.database.query('set session_replication_role = replica');
    await mesh.database.query(keys, [newId(tenantId)]);
    await mesh.database.query('set session_replication_role = default');
    expect(await revoke({ kind: 'client', id: 'shop' })).toEqual({ outcome: 'which_tenant' });
    expect(await revoke({ kind: 'client', id: 'shop' }, acme.tenant.id)).toMatchObject({ outcome: 'revoked' });
  });
});
