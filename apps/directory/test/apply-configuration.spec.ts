import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  applyDirectoryConfiguration,
  declaredSecretPlace,
  findAccount,
  findCatalogue,
  findClient,
  findClientWithSecrets,
  findTenant,
  listTenants,
  newId,
  resolveAccount,
  sealedSecretPlace,
  tenantId,
  type DeclaredTenant,
  type TenantId,
} from '@signet/contracts';
import { openText, sealToText, sha256Text } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser, aPlan, hash } from './declarations.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

let on: RunningDirectory;
let next = 0;
/** Each test has a tenant of its own. */
let own: Pick<DeclaredTenant, 'slug' | 'issuer'>;

beforeAll(async () => {
  on = await runDirectory();
});
afterAll(() => on.stop());
beforeEach(() => {
  const slug = `t${++next}`;
  own = { slug, issuer: `https://id.acme.example/t/${slug}` };
  on.token.floors.length = 0;
  on.token.away = false;
});

const apply = (changed: Partial<DeclaredTenant> = {}) =>
  on.requester.request(applyDirectoryConfiguration, aPlan(aDeclaredTenant({ ...own, ...changed })));

async function applied(changed: Partial<DeclaredTenant> = {}) {
  const response = await apply(changed);
  const [tenant] = response.tenants;
  if (!tenant) throw new Error('no tenant');
  return { ...tenant, changes: response.changes };
}

interface Leaf {
  type: string;
  aggregate: string;
  aggregateversion: number;
  data: { changed: string[]; before: object; after: object };
}

async function eventsOf(tenant: string): Promise<Leaf[]> {
  const rows = await on.database.query<{ leaf: Buffer }>(
    'select leaf from directory.outbox where tenant_id = $1 order by aggregate, aggregate_version',
    [tenant],
  );
  return rows.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Leaf);
}

async function failure(promise: Promise<unknown>): Promise<MeshError> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => {
      if (error instanceof MeshError) return error;
      throw error;
    },
  );
}

const typesOf = (events: readonly Leaf[]) => events.map(({ type }) => type.replace(/^signet\.directory\.|\.v1$/g, ''));

describe('applyDirectoryConfiguration', () => {
  it('creates what is declared, with an event for each object, and shows it', async () => {
    const { tenantId: tenant, changes, users } = await applied();
    expect(changes).toBe(9);
    const found = await on.requester.request(findTenant, { slug: own.slug });
    expect(found).toMatchObject({ id: tenant, ...own, version: 1, enabled: true });
    expect(await on.requester.request(findTenant, { tenantId: tenant })).toEqual(found);
    const shown = { tenantId: tenant, clientId: 'shop', version: 1, scopes: ['openid', 'orders:read'], enabled: true };
    const client = await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' });
    expect(client).toMatchObject(shown);
    expect(client).not.toHaveProperty('secretHashes');
    expect(await on.requester.request(findClientWithSecrets, { tenantId: tenant, clientId: 'shop' })).toEqual({
      ...client,
      secretHashes: [hash('B')],
    });
    expect(await on.requester.request(findCatalogue, { tenantId: tenant })).toMatchObject({
      version: 1,
      scopes: [{ name: 'openid' }, { name: 'orders:read', resourceServer: 'https://orders.example' }],
      resourceServers: [{ identifier: 'https://orders.example', accessTokenSigningAlg: 'ES256' }],
    });
    const [alice] = users;
    if (!alice) throw new Error('no account');
    const account = await on.requester.request(findAccount, { tenantId: tenant, accountId: alice.accountId });
    expect(account).toMatchObject({ status: 'active', version: 1, groups: ['staff'], roles: ['auditor', 'clerk'] });
    expect(account.claims).toMatchObject({ name: 'Alice Liddell', updated_at: expect.any(Number) });
    expect(account.sub).toMatch(/^[\w-]{22}$/);
    expect(account.pairwiseSeed).toMatch(/^[\w-]{43}$/);
    const events = await eventsOf(tenant);
    expect(new Set(events.map(({ aggregate }) => aggregate)).size).toBe(10);
    expect(typesOf(events).filter((type) => type.endsWith('.created'))).toHaveLength(9);
    expect(on.token.floors).toEqual([]);
  });

  it('keeps the secret of client_secret_jwt sealed, for token to open, and of no other method', async () => {
    const secret = 'a secret of thirty-two characters';
    const place = declaredSecretPlace({ issuer: own.issuer, clientId: 'shop' });
    const client = (sealed: string, changed: Partial<DeclaredTenant['clients'][number]> = {}) => ({
      clients: [
        aDeclaredClient({
          tokenEndpointAuthMethod: 'client_secret_jwt',
          secretHashes: [sha256Text(secret)],
          sealedSecrets: [sealed],
          ...changed,
        }),
      ],
    });
    const seal = () => sealToText(on.keyring, 'client', secret, place);
    const { tenantId: tenant } = await applied(client(seal()));
    const reference = { tenantId: tenant, clientId: 'shop' };
    const found = await on.requester.request(findClientWithSecrets, reference);
    expect(found.secretHashes).toEqual([sha256Text(secret)]);
    const [sealed = ''] = found.sealedSecrets ?? [];
    const opened = openText(on.keyring, 'client', sealed, sealedSecretPlace(reference));
    expect(Buffer.from(opened ?? []).toString('utf8')).toBe(secret);

    expect(await applied(client(seal()))).toMatchObject({ changes: 0 });
    const foreign = sealToText(
      on.keyring,
      'client',
      secret,
      declaredSecretPlace({ issuer: own.issuer, clientId: 'x' }),
    );
    expect((await failure(apply(client(foreign)))).code).toBe('invalid_argument');
    const other = await failure(apply(client(seal(), { secretHashes: [hash('B')] })));
    expect(other.code).toBe('invalid_argument');

    await apply({ clients: [aDeclaredClient({ secretHashes: [sha256Text(secret)] })] });
    const after = await on.requester.request(findClientWithSecrets, reference);
    expect(after.secretHashes).toEqual([sha256Text(secret)]);
    expect(after).not.toHaveProperty('sealedSecrets');
    expect(JSON.stringify(await eventsOf(tenant))).not.toContain(sealed.slice(0, 20));
  });

  it('keeps secrets and personal values out of the log', async () => {
    const { tenantId: tenant } = await applied();
    await apply({
      clients: [aDeclaredClient({ secretHashes: [hash('C')] })],
      users: [aDeclaredUser({ username: 'ALICE', claims: { name: 'Alice Pleasance' } })],
    });
    const text = JSON.stringify(await eventsOf(tenant));
    expect(text).toContain('secretHashes');
    expect(text).toContain('claims.name');
    expect(text).not.toMatch(/liddell|pleasance|alice|BBBB|CCCC/i);
  });

  it('changes and tells nothing where all is so already, in any order', async () => {
    const { tenantId: tenant, users } = await applied();
    const before = await eventsOf(tenant);
    const { scopes, roles } = aDeclaredTenant();
    const again = await applied({ scopes: [...scopes].reverse(), roles: [...roles].reverse() });
    expect(again).toEqual({ slug: own.slug, tenantId: tenant, users, changes: 0 });
    expect(await eventsOf(tenant)).toEqual(before);
    expect(await on.requester.request(findCatalogue, { tenantId: tenant })).toMatchObject({ version: 1 });
  });

  it('answers a repeat of a plan as it did at first, and refuses another content under its id', async () => {
    const plan = aPlan(aDeclaredTenant(own));
    const first = await on.requester.request(applyDirectoryConfiguration, plan);
    await apply({ name: 'Renamed' });
    expect(await on.requester.request(applyDirectoryConfiguration, plan)).toEqual(first);
    expect(await on.requester.request(findTenant, { slug: own.slug })).toMatchObject({ name: 'Renamed', version: 2 });
    const other = { ...plan, tenants: [aDeclaredTenant({ ...own, name: 'Other' })] };
    expect((await failure(on.requester.request(applyDirectoryConfiguration, other))).code).toBe('conflict');
  });

  it('leaves alone what a later configuration does not name', async () => {
    const { tenantId: tenant } = await applied();
    const { changes } = await applied({
      clients: [],
      users: [],
      scopes: [],
      resourceServers: [],
      roles: [],
      groups: [],
    });
    expect(changes).toBe(0);
    const { changes: added } = await applied({
      ...{ scopes: [], resourceServers: [], roles: [], groups: [], clients: [] },
      users: [aDeclaredUser({ username: 'bob' })],
    });
    expect(added).toBe(1);
    expect(await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' })).toBeTruthy();
  });

  it('disables a client and an account, and answers when token has their floors', async () => {
    const { tenantId: tenant, users } = await applied();
    const accountId = users[0]?.accountId;
    await apply({ clients: [aDeclaredClient({ enabled: false })], users: [aDeclaredUser({ enabled: false })] });
    expect(on.token.floors.map(({ kind }) => kind).sort()).toEqual([
      ...['account', 'account_version'],
      ...['client', 'client_version'],
    ]);
    expect(on.token.floors).toContainEqual(expect.objectContaining({ kind: 'client_version', version: 2 }));
    expect(typesOf(await eventsOf(tenant))).toEqual(expect.arrayContaining(['account.disabled', 'client.disabled']));
    const { account } = await on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'alice' });
    expect(account).toEqual({ accountId, status: 'disabled', version: 2, username: 'Alice' });
    expect(await on.database.query('select from directory.unraised_floor')).toEqual([]);
  });

  it('forbids older copies of whatever client or account it changes, and members of a group that loses a role', async () => {
    const { tenantId: tenant, users } = await applied({
      users: [aDeclaredUser(), aDeclaredUser({ username: 'bob', roles: [] })],
    });
    await apply({
      clients: [aDeclaredClient({ scopes: ['openid'] })],
      users: [],
      groups: [{ name: 'staff', displayName: 'Staff', roles: [] }],
    });
    const floors = on.token.floors.map((floor) => ({ ...floor, raiseId: '', reason: '' }));
    expect(floors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'client_version', version: 2 }),
        ...users.map(({ accountId }) => expect.objectContaining({ kind: 'account_version', accountId, version: 2 })),
      ]),
    );
    const bob = users.find(({ username }) => username === 'bob')?.accountId;
    if (!bob) throw new Error('no account');
    const account = await on.requester.request(findAccount, { tenantId: tenant, accountId: bob });
    expect(account).toMatchObject({ roles: [], version: 2 });
    const other = users.find(({ username }) => username !== 'bob')?.accountId ?? bob;
    const { pairwiseSeed } = await on.requester.request(findAccount, { tenantId: tenant, accountId: other });
    expect(account.pairwiseSeed).not.toBe(pairwiseSeed);
  });

  it('ends a tenant, whose accounts are not found any more', async () => {
    const { tenantId: tenant } = await applied();
    await apply({ enabled: false });
    // One that is not confirmed at once is sent again by the raiser that looks every second.
    const floors = [...new Map(on.token.floors.map((floor) => [floor.kind, floor])).values()];
    expect(floors).toMatchObject([
      { kind: 'tenant', tenantId: tenant },
      { kind: 'tenant_version', tenantId: tenant, version: 2 },
    ]);
    const { account } = await on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'Alice' });
    expect(account).toBeNull();
  });

  it('says that it is unavailable while token is away; the change stands, and a repeat answers when the floor does', async () => {
    const { tenantId: tenant } = await applied();
    const disabled = { clients: [aDeclaredClient({ enabled: false })] };
    on.token.away = true;
    const { code } = await failure(apply(disabled));
    expect(['unavailable', 'deadline_exceeded']).toContain(code);
    expect(await on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' })).toMatchObject({
      enabled: false,
    });
    on.token.away = false;
    // Another plan with the same content changes nothing, and still may not answer before the floor is there.
    const { changes } = await apply(disabled);
    expect(changes).toBe(0);
    expect(on.token.floors.map(({ kind }) => kind).sort()).toEqual(['client', 'client_version']);
  });

  it('raises after a restart what a crash between change and floor left', async () => {
    await applied();
    on.token.away = true;
    const left = failure(apply({ clients: [aDeclaredClient({ enabled: false })] }));
    await left;
    await on.restart();
    on.token.away = false;
    const waiting = async (): Promise<void> => {
      const rows = await on.database.query('select from directory.unraised_floor');
      if (rows.length > 0) await new Promise((resolve) => setTimeout(resolve, 50)).then(waiting);
    };
    await waiting();
    expect(new Set(on.token.floors.map(({ kind }) => kind))).toEqual(new Set(['client', 'client_version']));
  });

  it('applies two plans for one new tenant one after the other', async () => {
    const results = await Promise.all([apply(), apply(), apply()]);
    expect(results.map(({ changes }) => changes).sort()).toEqual([0, 0, 9]);
    expect(new Set(results.map(({ tenants }) => tenants[0]?.tenantId)).size).toBe(1);
  });
});

describe('a configuration that cannot stand', () => {
  it('is refused whole, every fault with its path', async () => {
    const { tenantId: tenant } = await applied();
    const before = await eventsOf(tenant);
    const error = await failure(
      apply({
        name: 'Renamed',
        clients: [aDeclaredClient({ scopes: ['nothing'], redirectUris: ['https://a.example/#b'] })],
        users: [aDeclaredUser({ groups: ['nobody'] }), aDeclaredUser({ username: 'ALICE' })],
      }),
    );
    expect(error.code).toBe('invalid_argument');
    expect(error.details).toEqual([
      { path: `tenants.${own.slug}.users.alice`, message: 'is declared twice' },
      { path: `tenants.${own.slug}.clients.shop.redirectUris.0`, message: 'has a fragment' },
      { path: `tenants.${own.slug}.clients.shop.scopes.0`, message: 'there is no scope nothing' },
      { path: `tenants.${own.slug}.users.Alice.groups.0`, message: 'there is no group nobody' },
    ]);
    expect(await eventsOf(tenant)).toEqual(before);
    expect(await on.requester.request(findTenant, { slug: own.slug })).toMatchObject({ version: 1 });
  });

  it('may not give a tenant another issuer, nor one that another tenant has', async () => {
    await applied();
    const changed = await failure(apply({ issuer: `${own.issuer}/new` }));
    expect(changed.code).toBe('failed_precondition');
    expect(changed.details).toMatchObject([{ path: `tenants.${own.slug}.issuer` }]);
    const taken = await failure(apply({ slug: `${own.slug}-other` }));
    expect(taken.code).toBe('failed_precondition');
    await expect(
      on.database.query('update directory.tenant set issuer = issuer || $2 where slug = $1', [own.slug, 'x']),
    ).rejects.toThrow(/immutable/);
  });

  it('may not give the name of a deleted account to another', async () => {
    const { tenantId: tenant } = await applied();
    await on.database.query(
      `set local session_replication_role = replica; update directory.account set deleted_at = now() where tenant_id = '${tenant}'`,
    );
    const error = await failure(apply());
    expect(error.code).toBe('failed_precondition');
    expect(error.details).toEqual([
      { path: `tenants.${own.slug}.users.Alice`, message: 'is the name of a deleted account' },
    ]);
    const { account } = await on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'alice' });
    expect(account).toBeNull();
  });

  it.each<[string, Partial<DeclaredTenant> & Record<string, unknown>]>([
    ['NUL in a name', { name: 'a\u0000' }],
    ['a lone surrogate', { name: '\ud800' }],
    ['an unknown member', { admin: true }],
    ['a scope with a space', { scopes: [{ name: 'a b', description: '' }] }],
    ['a NUL in a URL claim', { users: [{ ...aDeclaredUser(), claims: { picture: 'https://a.example/\u0000' } }] }],
    ['a prototype for a group', { groups: [{ name: '__proto__', displayName: 'x', roles: [] }] }],
    ['an enormous max age', { clients: [aDeclaredClient({ defaultMaxAge: Number.MAX_SAFE_INTEGER })] }],
  ])('is refused for %s', async (_, changed) => {
    const { code } = await failure(apply(changed));
    expect(code).toBe('invalid_argument');
  });
});

describe('reads', () => {
  it('tell not_found from an error, one statement each', async () => {
    const { tenantId: tenant, users } = await applied();
    const unknown = newId(tenantId);
    const accountId = users[0]?.accountId;
    if (!accountId) throw new Error('no account');
    for (const asked of [
      on.requester.request(findTenant, { slug: 'nobody' }),
      on.requester.request(findClient, { tenantId: unknown, clientId: 'shop' }),
      on.requester.request(findClientWithSecrets, { tenantId: tenant, clientId: 'SHOP' }),
      on.requester.request(findCatalogue, { tenantId: unknown }),
      on.requester.request(findAccount, { tenantId: unknown, accountId }),
    ]) {
      expect((await failure(asked)).code).toBe('not_found');
    }
    const statements = async () => {
      const metric = await on.service.metrics.getSingleMetric('signet_database_statements_total')?.get();
      return (metric?.values ?? [])
        .filter(({ labels }) => /^directory\./.test(String(labels['statement'])))
        .reduce((sum, { value }) => sum + value, 0);
    };
    const before = await statements();
    await on.requester.request(findTenant, { slug: own.slug });
    await on.requester.request(findClientWithSecrets, { tenantId: tenant, clientId: 'shop' });
    await on.requester.request(findCatalogue, { tenantId: tenant });
    await on.requester.request(findAccount, { tenantId: tenant, accountId });
    await on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'Alice' });
    expect((await statements()) - before).toBe(5);
  });

  it('find an account by any way to write its name, in its own tenant alone', async () => {
    const { tenantId: tenant, users } = await applied();
    for (const identifier of ['alice', 'ALICE', 'Ａlice', 'al\u200bice']) {
      const { account, readAt } = await on.requester.request(resolveAccount, { tenantId: tenant, identifier });
      expect(account?.accountId).toBe(users[0]?.accountId);
      expect(Math.abs(readAt / 1_000 - Date.now())).toBeLessThan(5_000);
    }
    const { account } = await on.requester.request(resolveAccount, { tenantId: newId(tenantId), identifier: 'alice' });
    expect(account).toBeNull();
  });

  it('date a resolution before any change that it does not see', async () => {
    const { tenantId: tenant } = await applied();
    const rows = await on.database.query<{ at: string }>(
      `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at`,
    );
    const { readAt } = await on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'alice' });
    const [after] = await on.database.query<{ at: string }>(
      `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at`,
    );
    expect(readAt).toBeGreaterThan(Number(rows[0]?.at));
    expect(readAt).toBeLessThan(Number(after?.at));
  });

  it('page through tenants', async () => {
    await applied();
    const seen: TenantId[] = [];
    const page = async () => {
      const after = seen.at(-1);
      const { tenants } = await on.requester.request(listTenants, { limit: 2, ...(after !== undefined && { after }) });
      return tenants.map(({ id }) => id);
    };
    for (let ids = await page(); ids.length > 0; ids = await page()) seen.push(...ids);
    const rows = await on.database.query<{ id: string }>('select id from directory.tenant order by id');
    expect(seen).toEqual(rows.map(({ id }) => id));
  });
});
