import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { errorOf, groupUrn, patchOf, Provisioning, userUrn } from './provisioning.js';

let the: Provisioning;

beforeAll(async () => {
  the = await Provisioning.start();
});
afterAll(() => the.stop());
beforeEach(() => the.use());

const user = (members: object) => ({ schemas: [userUrn], userName: 'x', ...members });
const nobody = 'acc_018f4e7c2a107b3c9d556f0e1a2b3c4d';

describe('bad input', () => {
  const users: [what: string, body: unknown, error: unknown[]][] = [
    ['no object', [1], [400, 'invalidSyntax']],
    ['no schemas', { userName: 'x' }, [400, 'invalidSyntax']],
    ['the schemas of a group', { ...user({}), schemas: [groupUrn] }, [400, 'invalidSyntax']],
    ['no userName', { schemas: [userUrn] }, [400, 'invalidValue']],
    ['a userName that shows nothing', user({ userName: '\u200b' }), [400, 'invalidValue']],
    ['a userName of another type', user({ userName: { x: 1 } }), [400, 'invalidValue']],
    ['a userName that is too long', user({ userName: 'x'.repeat(321) }), [400, 'invalidValue']],
    ['a NUL', user({ title: 'a\u0000b' }), [400, 'invalidValue']],
    ['half a surrogate', user({ title: '\ud800' }), [400, 'invalidValue']],
    ['an attribute that is none', user({ isAdmin: true }), [400, 'invalidSyntax']],
    ['a column of ours', user({ tenant_id: 'x' }), [400, 'invalidSyntax']],
    ['a member that is none', user({ name: { isAdmin: true } }), [400, 'invalidSyntax']],
    ['an extension that is none', user({ 'urn:x:y': { a: 1 } }), [400, 'invalidSyntax']],
    ['an address that is none', user({ emails: [{ value: 'nobody' }] }), [400, 'invalidValue']],
    [
      'two primary values',
      user({ emails: ['a@x.example', 'b@x.example'].map((value) => ({ value, primary: true })) }),
      [400, 'invalidValue'],
    ],
    ['an answer for active', user({ active: 'maybe' }), [400, 'invalidValue']],
    [
      'more than an account may hold',
      user({ ims: Array.from({ length: 60 }, (_, at) => ({ value: `${at}` })) }),
      [400, 'invalidValue'],
    ],
  ];
  it.each(users)('refuses a user with %s', async (_what, body, error) => {
    expect(errorOf(await the.ask('POST', '/Users', body))).toEqual(error);
    expect(await the.list('/Users', 'active eq true or active eq false')).toEqual({ total: 0, ids: [] });
  });

  it('gives nobody what he is not to give himself', async () => {
    const made = await the.user({
      id: nobody,
      groups: [{ value: 'grp_1' }],
      roles: ['signet:administrator'],
      meta: { version: 'W/"9"' },
    });
    expect(made).toMatchObject({ groups: [], meta: { version: 'W/"1"' } });
    expect(made.id).not.toBe(nobody);
    expect(made).not.toHaveProperty('roles');
  });

  it.each<[what: string, body: object, error: unknown[]]>([
    ['no displayName', { schemas: [groupUrn] }, [400, 'invalidValue']],
    ['members that are none', { members: [{ value: 'nobody' }] }, [400, 'invalidValue']],
    ['members that are not there', { members: [{ value: nobody }] }, [400, 'invalidValue']],
    ['roles', { roles: ['signet:administrator'] }, [400, 'invalidSyntax']],
  ])('refuses a group with %s', async (_what, body, error) => {
    const sent = { schemas: [groupUrn], ...('schemas' in body ? {} : { displayName: 'Staff' }), ...body };
    expect(errorOf(await the.ask('POST', '/Groups', sent))).toEqual(error);
    expect((await the.ask('GET', '/Groups')).body).toMatchObject({ totalResults: 0 });
  });

  it.each<[what: string, query: string, error: unknown[]]>([
    ['a filter without an index', 'filter=title%20eq%20%22x%22', [400, 'invalidFilter']],
    ['a filter that is none', 'filter=%28%28%28', [400, 'invalidFilter']],
    ['an empty filter', 'filter=', [400, 'invalidFilter']],
    ['a filter that makes a parser slow', `filter=userName%20eq%20%22${'%0A'.repeat(300)}`, [400, 'invalidFilter']],
    [
      'a filter in a filter',
      `filter=${'('.repeat(100)}userName%20eq%20%22x%22${')'.repeat(100)}`,
      [400, 'invalidFilter'],
    ],
    ['an order without an index', 'sortBy=title', [400, 'invalidValue']],
    ['an order by nothing', 'sortBy=shoeSize', [400, 'invalidPath']],
    ['an order that is none', 'sortBy=userName&sortOrder=random()', [400, 'invalidValue']],
    ['an index that is none', 'startIndex=one', [400, 'invalidValue']],
    ['an index beyond numbers', 'startIndex=99999999999999999999', [400, 'invalidValue']],
    ['a count that is none', 'count=1e3', [400, 'invalidValue']],
    ['two filters', 'filter=active%20eq%20true&filter=active%20eq%20false', [400, 'invalidValue']],
    ['both lists of attributes', 'attributes=id&excludedAttributes=name', [400, 'invalidValue']],
  ])('refuses a list with %s', async (_what, query, error) => {
    expect(errorOf(await the.ask('GET', `/Users?${query}`))).toEqual(error);
  });

  it('answers with SCIM errors where no handler is reached', async () => {
    const path = `/scim/v2/t/${the.at.slug}/Users`;
    const bearer = the.at.bearer.replaceAll(' ', '_');
    const sent = async (body: string, type = 'application/scim+json') =>
      errorOf(await the.http.ask('POST', path, { body, type, bearer }));
    expect(await sent('{"userName":')).toEqual([400, 'invalidSyntax']);
    expect(await sent('{"__proto__":{"x":1}}')).toEqual([400, 'invalidSyntax']);
    expect(await sent(`${'['.repeat(40)}${']'.repeat(40)}`)).toEqual([400, 'invalidSyntax']);
    expect(await sent(JSON.stringify(user({ title: 'x'.repeat(70_000) })))).toEqual([413, undefined]);
    expect(await sent('userName=x', 'application/x-www-form-urlencoded')).toEqual([415, undefined]);
    expect(await sent('<x/>', 'application/xml')).toEqual([415, undefined]);
    expect(errorOf(await the.ask('GET', '/Nothing'))).toEqual([404, undefined]);
    expect(errorOf(await the.ask('PUT', '/Users', user({})))).toEqual([405, undefined]);
  });

  it('takes a patch whole or not at all', async () => {
    const { id } = await the.user({ displayName: 'Before' });
    const operations = [
      { op: 'replace', path: 'displayName', value: 'After' },
      { op: 'replace', path: 'emails', value: [{ value: 'nobody' }] },
    ];
    expect(errorOf(await the.ask('PATCH', `/Users/${id}`, patchOf(...operations)))).toEqual([400, 'invalidValue']);
    expect(await the.done('GET', `/Users/${id}`)).toMatchObject({ displayName: 'Before', meta: { version: 'W/"1"' } });
    const group = await the.group();
    const members = { op: 'add', path: 'members', value: [{ value: id }, { value: nobody }] };
    expect(errorOf(await the.ask('PATCH', `/Groups/${group.id}`, patchOf(members)))).toEqual([400, 'invalidValue']);
    expect(await the.done('GET', `/Groups/${group.id}`)).toMatchObject({ members: [], meta: { version: 'W/"1"' } });
  });

  it('refuses a name and an externalId that another has', async () => {
    await the.user({ userName: 'Bob', externalId: '1' });
    const other = await the.user({ externalId: '2' });
    expect(errorOf(await the.ask('POST', '/Users', user({ userName: 'BOB' })))).toEqual([409, 'uniqueness']);
    const patch = (path: string, value: string) =>
      the.ask('PATCH', `/Users/${other.id}`, patchOf({ op: 'replace', path, value }));
    expect(errorOf(await patch('userName', 'bob'))).toEqual([409, 'uniqueness']);
    expect(errorOf(await patch('externalId', '1'))).toEqual([409, 'uniqueness']);
    await the.group({ displayName: 'Staff', externalId: '1' });
    const group = await the.group();
    expect(errorOf(await the.ask('POST', '/Groups', { schemas: [groupUrn], displayName: 'STAFF' }))).toEqual([
      409,
      'uniqueness',
    ]);
    const rename = patchOf({ op: 'replace', path: 'displayName', value: 'staff' });
    expect(errorOf(await the.ask('PATCH', `/Groups/${group.id}`, rename))).toEqual([409, 'uniqueness']);
  });

  it('lets no group be in itself, by whatever way, and none too deep', async () => {
    const groups = [await the.group()];
    const put = (parent: string, child: string) =>
      the.ask('PATCH', `/Groups/${parent}`, patchOf({ op: 'add', path: 'members', value: [{ value: child }] }));
    const [one, other] = [await the.group(), await the.group()];
    expect((await put(one.id, other.id)).status).toBe(204);
    expect(errorOf(await put(other.id, one.id))).toEqual([400, 'invalidValue']);
    for (let depth = 2; depth <= 10; depth += 1) {
      const child = await the.group();
      expect((await put(groups.at(-1)?.id ?? '', child.id)).status).toBe(204);
      groups.push(child);
    }
    const [top, ...rest] = groups.map(({ id }) => id);
    const bottom = rest.at(-1) ?? '';
    expect(errorOf(await put(top ?? '', top ?? ''))).toEqual([400, 'invalidValue']);
    expect(errorOf(await put(bottom, top ?? ''))).toEqual([400, 'invalidValue']);
    expect(errorOf(await put(bottom, (await the.group()).id))).toEqual([400, 'invalidValue']);
    expect(await the.done('GET', `/Groups/${top ?? ''}`)).toMatchObject({
      members: [{ value: rest[0], type: 'Group' }],
    });
    expect(await the.list('/Groups', `members.value eq "${bottom}"`)).toEqual({ total: 1, ids: [rest.at(-2)] });
  });
});
