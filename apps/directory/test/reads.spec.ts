import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  findAccount,
  findCatalogue,
  findClient,
  findClientWithSecrets,
  findTenant,
  listTenants,
  newId,
  resolveAccount,
  tenantId,
  type TenantId,
} from '@signet/contracts';
import { Applying, failure } from './applying.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

describe('reads', () => {
  it('tell not_found from an error, one statement each', async () => {
    const { tenantId: tenant, users } = await the.applied();
    const unknown = newId(tenantId);
    const accountId = users[0]?.accountId;
    if (!accountId) throw new Error('no account');
    for (const asked of [
      the.on.requester.request(findTenant, { slug: 'nobody' }),
      the.on.requester.request(findClient, { tenantId: unknown, clientId: 'shop' }),
      the.on.requester.request(findClientWithSecrets, { tenantId: tenant, clientId: 'SHOP' }),
      the.on.requester.request(findCatalogue, { tenantId: unknown }),
      the.on.requester.request(findAccount, { tenantId: unknown, accountId }),
    ]) {
      expect((await failure(asked)).code).toBe('not_found');
    }
    const statements = async () =>
      [...(await the.statements())].reduce((sum, [name, sent]) => sum + (name.startsWith('directory.') ? sent : 0), 0);
    const before = await statements();
    await the.on.requester.request(findTenant, { slug: the.own.slug });
    await the.on.requester.request(findClientWithSecrets, { tenantId: tenant, clientId: 'shop' });
    await the.on.requester.request(findCatalogue, { tenantId: tenant });
    await the.on.requester.request(findAccount, { tenantId: tenant, accountId });
    await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'Alice' });
    expect((await statements()) - before).toBe(5);
  });

  it('find an account by any way to write its name, in its own tenant alone', async () => {
    const { tenantId: tenant, users } = await the.applied();
    for (const identifier of ['alice', 'ALICE', 'Ａlice', 'al\u200bice']) {
      const { account, readAt } = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier });
      expect(account?.accountId).toBe(users[0]?.accountId);
      expect(Math.abs(readAt / 1_000 - Date.now())).toBeLessThan(5_000);
    }
    const { account } = await the.on.requester.request(resolveAccount, {
      tenantId: newId(tenantId),
      identifier: 'alice',
    });
    expect(account).toBeNull();
  });

  it('date a resolution before any change that it does not see', async () => {
    const { tenantId: tenant } = await the.applied();
    const rows = await the.on.database.query<{ at: string }>(
      `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at`,
    );
    const { readAt } = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'alice' });
    const [after] = await the.on.database.query<{ at: string }>(
      `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at`,
    );
    expect(readAt).toBeGreaterThan(Number(rows[0]?.at));
    expect(readAt).toBeLessThan(Number(after?.at));
  });

  it('page through tenants', async () => {
    await the.applied();
    const seen: TenantId[] = [];
    const page = async () => {
      const after = seen.at(-1);
      const { tenants } = await the.on.requester.request(listTenants, {
        limit: 2,
        ...(after !== undefined && { after }),
      });
      return tenants.map(({ id }) => id);
    };
    for (let ids = await page(); ids.length > 0; ids = await page()) seen.push(...ids);
    const rows = await the.on.database.query<{ id: string }>('select id from directory.tenant order by id');
    expect(seen).toEqual(rows.map(({ id }) => id));
  });
});
