import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorOf, Provisioning, userUrn, type Provisioned } from './provisioning.js';

const tenantUrn = 'urn:signet:scim:schemas:extension:tenant:2.0:User';

let the: Provisioning;
const users: Provisioned[] = [];

beforeAll(async () => {
  the = await Provisioning.start();
  const badge = {
    name: 'badge',
    description: 'On the door',
    type: 'string',
    multi_valued: false,
    required: false,
    max_length: 10,
  } as const;
  await the.use({ attributes: [badge] });
  for (const userName of ['carol', 'alice', 'bob', 'Abel']) {
    users.push(await the.user({ userName, name: { givenName: userName }, [tenantUrn]: { badge: userName } }));
  }
});
afterAll(() => the.stop());

const namesOf = async (query: string) => {
  const { body } = await the.ask('GET', `/Users?${query}`);
  const { Resources, ...page } = body as { Resources: { userName: string }[] };
  return { ...page, names: Resources.map(({ userName }) => userName) };
};
const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];

// RFC 7644 section 3.4.2.
describe('lists', () => {
  it('come in the order of creation, or sorted, a page at a time', async () => {
    const first = await namesOf('count=3');
    expect(first).toEqual({
      schemas,
      totalResults: 4,
      startIndex: 1,
      itemsPerPage: 3,
      names: ['carol', 'alice', 'bob'],
    });
    const second = await namesOf('count=3&startIndex=4');
    expect(second).toEqual({ schemas, totalResults: 4, startIndex: 4, itemsPerPage: 1, names: ['Abel'] });
    expect((await namesOf('sortBy=userName')).names).toEqual(['Abel', 'alice', 'bob', 'carol']);
    expect((await namesOf('sortBy=USERNAME&sortOrder=descending&count=2')).names).toEqual(['carol', 'bob']);
    expect((await namesOf('sortBy=meta.lastModified&count=1')).names).toEqual(['carol']);
    // "A value less than 1 SHALL be interpreted as 1"; "A negative value SHALL be interpreted as "0"".
    expect(await namesOf('startIndex=0&count=-1')).toMatchObject({ totalResults: 4, startIndex: 1, names: [] });
    expect(await namesOf('startIndex=99')).toMatchObject({ totalResults: 4, names: [] });
    expect(await namesOf('count=100000')).toMatchObject({ itemsPerPage: 4 });
  });

  it('find by beginnings, times and combinations', async () => {
    const ids = (names: string[]) =>
      users.filter((user) => names.includes(String(user['userName']))).map(({ id }) => id);
    expect((await the.list('/Users', 'userName sw "A"')).ids).toEqual(ids(['alice', 'Abel']));
    const [, , bob] = users;
    const { lastModified } = bob?.meta as unknown as { lastModified: string };
    expect((await the.list('/Users', `meta.lastModified ge "${lastModified}"`)).ids).toEqual(
      expect.arrayContaining(ids(['bob', 'Abel'])),
    );
    expect((await the.list('/Users', 'meta.lastModified gt "2100-01-01T00:00:00Z"')).total).toBe(0);
    const either = 'userName eq "bob" or (userName sw "c" and active eq true) or id eq "nothing"';
    expect((await the.list('/Users', either)).ids).toEqual(ids(['carol', 'bob']));
  });

  it('are asked for by POST too', async () => {
    const search = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'userName eq "bob"',
      attributes: ['userName'],
    };
    const { status, body } = await the.ask('POST', '/Users/.search', search);
    expect([status, body]).toMatchObject([200, { totalResults: 1, Resources: [{ userName: 'bob' }] }]);
    expect(errorOf(await the.ask('POST', '/Users/.search', { ...search, schemas: [] }))).toEqual([
      400,
      'invalidSyntax',
    ]);
    expect(errorOf(await the.ask('POST', '/Groups/.search', { ...search }))).toEqual([400, 'invalidFilter']);
  });
});

// Section 3.9.
describe('attributes', () => {
  it.each([
    ['attributes=userName', ['schemas', 'id', 'userName']],
    ['attributes=USERNAME,name.givenName', ['schemas', 'id', 'userName', 'name']],
    [`attributes=${userUrn}:userName`, ['schemas', 'id', 'userName']],
    [`attributes=${tenantUrn}:badge`, ['schemas', 'id', tenantUrn]],
    [`attributes=${tenantUrn}`, ['schemas', 'id', tenantUrn]],
    ['attributes=nothing', ['schemas', 'id']],
    [`excludedAttributes=id,name,groups,meta,${tenantUrn}`, ['schemas', 'id', 'userName', 'active']],
  ])('%s', async (query, members) => {
    const { body } = await the.ask('GET', `/Users/${users[0]?.id ?? ''}?${query}`);
    expect(Object.keys(body as object).sort()).toEqual([...members].sort());
  });
});

// Section 4.
describe('discovery', () => {
  it('tells what there is, the tenant’s own attributes with it', async () => {
    const { body: config } = await the.ask('GET', '/ServiceProviderConfig');
    expect(config).toMatchObject({
      ...{ patch: { supported: true }, sort: { supported: true }, etag: { supported: true } },
      ...{ filter: { supported: true, maxResults: 200 }, changePassword: { supported: false } },
      bulk: { supported: true, maxOperations: 100, maxPayloadSize: 1_048_576 },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    });
    const { body: types } = await the.ask('GET', '/ResourceTypes');
    expect(types).toMatchObject({ totalResults: 2, Resources: [{ id: 'User', endpoint: '/Users' }, { id: 'Group' }] });
    const { body: schemasOf } = await the.ask('GET', '/Schemas');
    expect((schemasOf as { Resources: { id: string }[] }).Resources.map(({ id }) => id)).toContain(tenantUrn);
    const { body: own } = await the.ask('GET', `/Schemas/${tenantUrn}`);
    expect(own).toMatchObject({
      attributes: [{ name: 'badge', type: 'string', description: 'On the door', mutability: 'readWrite' }],
    });
    expect((await the.ask('GET', `/Schemas/${userUrn}`)).body).toMatchObject({ id: userUrn });
    expect(errorOf(await the.ask('GET', '/Schemas/urn:x'))).toEqual([404, undefined]);
    expect(errorOf(await the.ask('GET', '/ResourceTypes?filter=id%20eq%20%22User%22'))).toEqual([403, undefined]);
    await the.use();
    expect(errorOf(await the.ask('GET', `/Schemas/${tenantUrn}`))).toEqual([404, undefined]);
    const foreign = { schemas: [userUrn], userName: 'x', [tenantUrn]: { badge: 'x' } };
    expect(errorOf(await the.ask('POST', '/Users', foreign))).toEqual([400, 'invalidSyntax']);
  });
});
