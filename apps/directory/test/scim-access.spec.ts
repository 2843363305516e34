import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { showId } from '@signet/contracts';
import { aDeclaredClient, aDeclaredUser } from './declarations.js';
import { errorOf, groupUrn, patchOf, Provisioning, userUrn, type ProvisionedTenant } from './provisioning.js';
import { typesOf } from './recorded-events.js';

let the: Provisioning;

beforeAll(async () => {
  the = await Provisioning.start();
});
afterAll(() => the.stop());

const nobody = '018f4e7c2a107b3c9d556f0e1a2b3c4d';
const user = { schemas: [userUrn], userName: 'x' };
const group = { schemas: [groupUrn], displayName: 'x' };
const patch = patchOf({ op: 'replace', value: { externalId: 'x' } });
const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] };
const bulk = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: [{ method: 'POST', path: '/Users', bulkId: '1', data: user }],
};

type Request = [method: string, path: string, body: object | undefined];
const request = (method: string, path: string, body?: object): Request => [method, path, body];

const reading: Request[] = [
  request('GET', '/Users'),
  request('GET', `/Users/acc_${nobody}`),
  request('POST', '/Users/.search', search),
  request('GET', '/Groups'),
  request('GET', `/Groups/grp_${nobody}`),
  request('POST', '/Groups/.search', search),
  request('GET', '/ServiceProviderConfig'),
  request('GET', '/ResourceTypes'),
  request('GET', '/ResourceTypes/User'),
  request('GET', '/Schemas'),
  request('GET', `/Schemas/${userUrn}`),
];
const writing: Request[] = [
  request('POST', '/Users', user),
  request('PUT', `/Users/acc_${nobody}`, user),
  request('PATCH', `/Users/acc_${nobody}`, patch),
  request('DELETE', `/Users/acc_${nobody}`),
  request('POST', '/Groups', group),
  request('PUT', `/Groups/grp_${nobody}`, group),
  request('PATCH', `/Groups/grp_${nobody}`, patch),
  request('DELETE', `/Groups/grp_${nobody}`),
  request('PUT', '/Me', user),
  request('PATCH', '/Me', patch),
  request('POST', '/Bulk', bulk),
];

/** The tenant, as token names it. */
const named = ({ id, slug }: ProvisionedTenant) => ({ id, slug, issuer: `https://id.acme.example/t/${slug}` });

describe('a token', () => {
  let other: ProvisionedTenant;
  beforeAll(async () => {
    other = await the.tenant();
    await the.use();
    the.know('of another resource', named(the.at), { audience: ['https://orders.example'] });
    the.know('without the scope', named(the.at), { scopes: ['signet:admin'] });
  });

  it.each([...reading, ...writing, request('GET', '/Me')])(
    'for SCIM of this tenant is needed: %s %s',
    async (method, path, body) => {
      const asked = (bearer: string) => the.ask(method, path, body, { bearer });
      const none = await the.http.ask(method, `/scim/v2/t/${the.at.slug}${path}`, body && { body });
      expect(errorOf(none)).toEqual([401, undefined]);
      expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(errorOf(await asked('of nobody'))).toEqual([401, undefined]);
      expect(errorOf(await asked(other.bearer))).toEqual([401, undefined]);
      expect(errorOf(await asked('of another resource'))).toEqual([401, undefined]);
      const scopeless = await asked('without the scope');
      expect(errorOf(scopeless)).toEqual([403, undefined]);
      expect(scopeless.headers.get('www-authenticate')).toContain('insufficient_scope');
    },
  );
});

describe('access', () => {
  beforeEach(() => the.use());

  it('asks for the permission anew with each request, and tells of refusals', async () => {
    const clients = (roles: string[]) => [aDeclaredClient({ clientId: 'provisioner', roles })];
    const tenant = await the.use({ clients: clients(['signet:auditor']) });
    for (const [method, path, body] of reading) {
      expect([200, 404]).toContain((await the.ask(method, path, body)).status);
    }
    for (const [method, path, body] of writing)
      expect(errorOf(await the.ask(method, path, body))).toEqual([403, undefined]);
    await the.declare(tenant.slug, { clients: clients(['signet:provisioner']) });
    expect((await the.ask('POST', '/Users', user)).status).toBe(201);
    await the.declare(tenant.slug, { clients: clients([]) });
    for (const [method, path, body] of reading)
      expect(errorOf(await the.ask(method, path, body))).toEqual([403, undefined]);
    const refused = (await the.eventsOf()).filter(({ reason }) => reason === 'insufficient_permission');
    expect(new Set(typesOf(refused))).toEqual(new Set(['provisioning.refused']));
  });

  it('changes nobody who administers, disabled or not, beyond ending them', async () => {
    const administers = { groups: [], roles: ['signet:administrator'] };
    const { users } = await the.use({
      users: [
        aDeclaredUser({ username: 'boss', ...administers }),
        aDeclaredUser({ username: 'gone', ...administers, enabled: false }),
        aDeclaredUser({ username: 'plain', groups: [], roles: [] }),
      ],
    });
    const path = (name: string) =>
      `/Users/${showId('acc', users.find(({ username }) => username === name)?.accountId ?? '')}`;
    const mine = { schemas: [userUrn], userName: 'mine' };
    for (const name of ['boss', 'gone']) {
      expect(errorOf(await the.ask('PATCH', path(name), patch))).toEqual([403, undefined]);
      expect(errorOf(await the.ask('PUT', path(name), mine))).toEqual([403, undefined]);
    }
    const back = patchOf({ op: 'replace', path: 'active', value: true });
    expect(errorOf(await the.ask('PATCH', path('gone'), back))).toEqual([403, undefined]);
    const refused = (await the.eventsOf()).filter(({ reason }) => reason === 'insufficient_authority');
    expect(typesOf(refused)).toEqual(Array.from({ length: 5 }, () => 'provisioning.refused'));
    const ends = patchOf({ op: 'replace', path: 'active', value: false });
    expect((await the.ask('PATCH', path('boss'), ends)).status).toBe(200);
    expect((await the.ask('DELETE', path('gone'))).status).toBe(204);
    expect((await the.ask('PATCH', path('plain'), patch)).status).toBe(200);
  });

  it('shows nobody what is another tenant’s', async () => {
    const [account, held] = [await the.user({ externalId: '1' }), await the.group({ externalId: '1' })];
    await the.use();
    const mine = await the.group();
    const paths: [string, object][] = [
      [`/Users/${account.id}`, user],
      [`/Groups/${held.id}`, group],
    ];
    for (const [path, body] of paths) {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const sent = { GET: undefined, DELETE: undefined, PUT: body, PATCH: patch }[method];
        expect(errorOf(await the.ask(method, path, sent))).toEqual([404, undefined]);
      }
    }
    const none = { total: 0, ids: [] };
    for (const filter of [
      `id eq "${account.id}"`,
      'externalId eq "1"',
      `userName eq "${String(account['userName'])}"`,
    ]) {
      expect(await the.list('/Users', filter)).toEqual(none);
    }
    for (const filter of [`id eq "${held.id}"`, 'externalId eq "1"', `members.value eq "${account.id}"`]) {
      expect(await the.list('/Groups', filter)).toEqual(none);
    }
    for (const value of [account.id, held.id]) {
      const add = patchOf({ op: 'add', path: 'members', value: [{ value }] });
      expect(errorOf(await the.ask('PATCH', `/Groups/${mine.id}`, add))).toEqual([400, 'invalidValue']);
    }
    expect(await the.list('/Users', 'active eq true')).toEqual(none);
  });

  it('gives nobody by a group what the provisioner may not do himself', async () => {
    await the.use({
      groups: [
        { name: 'admins', displayName: 'Admins', roles: ['signet:administrator'], groups: ['inner'] },
        { name: 'inner', displayName: 'Inner', roles: [], groups: [] },
        { name: 'staff', displayName: 'Staff', roles: ['clerk'], groups: [] },
      ],
    });
    const { id: value } = await the.user();
    const join = async (name: string) => {
      const { ids } = await the.list('/Groups', `displayName eq "${name}"`);
      return the.ask('PATCH', `/Groups/${ids[0] ?? ''}`, patchOf({ op: 'add', path: 'members', value: [{ value }] }));
    };
    expect(errorOf(await join('Admins'))).toEqual([403, undefined]);
    expect(errorOf(await join('Inner'))).toEqual([403, undefined]);
    expect((await join('Staff')).status).toBe(204);
    expect(await the.done('GET', `/Users/${value}`)).toMatchObject({ groups: [{ display: 'Staff' }] });
  });
});

describe('/Me', () => {
  it('is the account whose token it is, which needs no permission to read itself', async () => {
    const tenant = await the.use({ users: [aDeclaredUser({ groups: [], roles: [] })] });
    const [alice] = tenant.users;
    if (!alice) throw new Error('no user');
    the.know('of alice', named(tenant), { accountId: alice.accountId });
    const me = await the.ask('GET', '/Me', undefined, { bearer: 'of alice' });
    expect(me).toMatchObject({
      status: 200,
      body: { userName: 'Alice', emails: [{ value: 'alice@acme.example', primary: true }] },
    });
    expect(me.headers.get('content-location')).toMatch(/\/Users\/acc_[0-9a-f]{32}$/);
    expect(errorOf(await the.ask('PATCH', '/Me', patch, { bearer: 'of alice' }))).toEqual([403, undefined]);
    expect(errorOf(await the.ask('GET', '/Users', undefined, { bearer: 'of alice' }))).toEqual([403, undefined]);
    expect(errorOf(await the.ask('GET', '/Me'))).toEqual([404, undefined]);
  });
});
