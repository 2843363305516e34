import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { errorOf, groupUrn, patchOf, Provisioning, userUrn } from './provisioning.js';

let the: Provisioning;

beforeAll(async () => {
  the = await Provisioning.start();
});
afterAll(() => the.stop());
beforeEach(() => the.use());

const profile = {
  schemas: [userUrn],
  userName: 'test.user@okta.example',
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: 'test.user@okta.example', type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  active: true,
};

// "Okta and SCIM Version 2.0": the requests of its reference, in their order.
describe('what Okta does with a user', () => {
  it('looks for it, creates, reads, replaces, deactivates and activates it', async () => {
    const filter = '/Users?filter=userName%20eq%20%22test.user%40okta.example%22&startIndex=1&count=100';
    expect((await the.ask('GET', filter)).body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
    // "Okta sends the password parameter in a create user request, even if password sync isn't enabled."
    const user = await the.done('POST', '/Users', { ...profile, password: '1mz050nq' });
    expect(user).toMatchObject({ ...profile, active: true });
    expect(user).not.toHaveProperty('password');
    expect((await the.ask('GET', filter)).body).toMatchObject({ totalResults: 1, itemsPerPage: 1, Resources: [user] });
    // "the Service Provider needs to respond with an error schema".
    expect(errorOf(await the.ask('POST', '/Users', profile))).toEqual([409, 'uniqueness']);

    const replaced = await the.done('PUT', `/Users/${user.id}`, {
      ...profile,
      ...{ id: user.id, externalId: undefined, displayName: undefined, locale: undefined },
      name: { givenName: 'Another', middleName: '', familyName: 'User' },
      emails: [{ ...profile.emails[0], display: 'test.user@okta.example' }],
      meta: { resourceType: 'User' },
    });
    expect(replaced).toMatchObject({ name: { givenName: 'Another', familyName: 'User' }, meta: { version: 'W/"2"' } });
    expect(replaced).not.toHaveProperty('externalId');
    expect(replaced).not.toHaveProperty('locale');

    const off = await the.done('PATCH', `/Users/${user.id}`, patchOf({ op: 'replace', value: { active: false } }));
    expect(off).toMatchObject({ active: false, name: { givenName: 'Another' } });
    expect((await the.eventsOf(`account:%`)).map(({ type }) => type)).toContain('signet.directory.account.disabled.v1');
    const on = await the.done('PATCH', `/Users/${user.id}`, patchOf({ op: 'replace', value: { active: true } }));
    expect(on).toMatchObject({ active: true });
  });

  // The Runscope suite that Okta gives out: "Okta SCIM 2.0 SPEC Test".
  it('has what the specification test looks at', async () => {
    await the.done('POST', '/Users', profile);
    const page = await the.ask('GET', '/Users?count=1&startIndex=1');
    expect(page.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      itemsPerPage: 1,
      startIndex: 1,
      totalResults: 1,
      Resources: [
        {
          ...{ id: expect.any(String), userName: profile.userName, name: profile.name, active: true },
          emails: [{ value: profile.userName }],
        },
      ],
    });
    expect(await the.list('/Users', 'userName eq "abcdefgh@atko.example"')).toEqual({ total: 0, ids: [] });
    const unknown = await the.ask('GET', '/Users/010101001010101011001010101011');
    expect(errorOf(unknown)).toEqual([404, undefined]);
    expect(unknown.body).toMatchObject({ detail: expect.any(String) });
    expect((await the.ask('GET', '/Groups?startIndex=1&count=100')).body).toMatchObject({ totalResults: 0 });
  });
});

describe('what Okta does with a group', () => {
  it('pushes it, renames it, and keeps its members in every way', async () => {
    const [one, other] = [await the.user(), await the.user()];
    const pushed = { schemas: [groupUrn], displayName: 'Test SCIMv2', members: [] };
    const group = await the.done('POST', '/Groups', pushed);
    expect(group).toMatchObject({ displayName: 'Test SCIMv2', members: [] });
    const { id } = group;
    const patch = async (...operations: object[]) => {
      expect((await the.ask('PATCH', `/Groups/${id}`, patchOf(...operations))).status).toBe(204);
      const { members } = (await the.done('GET', `/Groups/${id}`)) as unknown as { members: { value: string }[] };
      return members.map(({ value }) => value).sort();
    };
    const member = ({ id: value }: { id: string }) => ({ value, display: 'test.user@okta.example' });
    await patch({ op: 'replace', value: { id, displayName: 'Test SCIMv20' } });
    expect(await the.list('/Groups', 'displayName eq "Test SCIMv20"', '&startIndex=1&count=100')).toMatchObject({
      total: 1,
    });

    expect(await patch({ op: 'add', path: 'members', value: [member(one)] })).toEqual([one.id]);
    const swap = [
      { op: 'remove', path: `members[value eq "${one.id}"]` },
      { op: 'add', path: 'members', value: [member(other)] },
    ];
    expect(await patch(...swap)).toEqual([other.id]);
    expect(await patch({ op: 'replace', path: 'members', value: [one, other].map(member) })).toEqual(
      [one.id, other.id].sort(),
    );

    const put = { schemas: [groupUrn], displayName: 'Test SCIMv2', members: [member(other)] };
    expect(await the.done('PUT', `/Groups/${id}`, put)).toMatchObject({
      displayName: 'Test SCIMv2',
      members: [{ value: other.id }],
    });
    expect(await patch({ op: 'replace', value: { members: [] } })).toEqual([]);
    expect((await the.ask('DELETE', `/Groups/${id}`)).status).toBe(204);
  });
});
