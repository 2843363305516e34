import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration, findAccount, type DeclaredTenant } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { aDeclaredClient, aDeclaredTenant, aPlan } from './declarations.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

let on: RunningDirectory;
beforeAll(async () => {
  on = await runDirectory();
});
afterAll(() => on.stop());

const apply = (changed: Partial<DeclaredTenant> = {}) =>
  on.requester.request(applyDirectoryConfiguration, aPlan(aDeclaredTenant(changed)));

// RFC 9700 section 4.15
it('a client may not be called what an account is called in tokens, a deleted one neither', async () => {
  const [tenant] = (await apply()).tenants;
  if (!tenant) throw new Error('no tenant');
  const { tenantId, users } = tenant;
  const alice = users.find(({ username }) => username === 'Alice')?.accountId;
  if (alice === undefined) throw new Error('no account');
  const { sub } = await on.requester.request(findAccount, { tenantId, accountId: alice });
  const clients = [aDeclaredClient({ clientId: sub })];
  const refusal = async () => {
    const error: unknown = await apply({ users: [], clients }).catch((thrown: unknown) => thrown);
    return error instanceof MeshError ? { code: error.code, details: error.details } : error;
  };
  const refused = {
    code: 'failed_precondition',
    details: [{ path: `tenants.default.clients.${sub}.clientId`, message: 'is the subject of an account' }],
  };
  expect(await refusal()).toEqual(refused);
  await on.database.query(
    'set local session_replication_role = replica; update directory.account set deleted_at = now(), restorable_until = now()',
  );
  expect(await refusal()).toEqual(refused);
  // Of another tenant it says nothing.
  await expect(apply({ slug: 'other', issuer: 'https://id.acme.example/t/other', clients })).resolves.toBeDefined();
});
