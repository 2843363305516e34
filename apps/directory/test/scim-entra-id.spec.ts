import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { enterpriseUrn, errorOf, groupUrn, patchOf, Provisioning, userUrn } from './provisioning.js';

let the: Provisioning;

beforeAll(async () => {
  the = await Provisioning.start();
});
afterAll(() => the.stop());
beforeEach(() => the.use());

// "Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID": the requests of its examples, in their order.
describe('what Entra ID does with a user', () => {
  const email = 'Test_User_fd0ea19b-0777-472c-9f96-4f70d2226f2e@testuser.example';
  const created = {
    schemas: [userUrn, enterpriseUrn],
    externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
    userName: 'Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1',
    active: true,
    emails: [{ primary: true, type: 'work', value: email }],
    meta: { resourceType: 'User' },
    name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
    roles: [],
  };

  it('creates, finds, changes, disables and deletes it', async () => {
    expect(await the.list('/Users', `userName eq "${created.userName}"`)).toEqual({ total: 0, ids: [] });
    const answer = await the.ask('POST', '/Users', created);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
    const { id } = answer.body as { id: string };
    const location = `https://id.acme.example/scim/v2/t/${the.at.slug}/Users/${id}`;
    expect(answer.headers.get('location')).toBe(location);
    expect(answer.body).toEqual({
      ...created,
      roles: undefined,
      schemas: [userUrn],
      id: expect.stringMatching(/^acc_[0-9a-f]{32}$/),
      groups: [],
      meta: {
        ...{ resourceType: 'User', location, version: 'W/"1"' },
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        lastModified: expect.any(String),
      },
    });
    expect((await the.ask('GET', `/Users/${id}`)).body).toEqual(answer.body);
    expect(await the.list('/Users', `userName eq "${created.userName.toUpperCase()}"`)).toEqual({
      total: 1,
      ids: [id],
    });
    expect(await the.list('/Users', `externalId eq "${created.externalId}"`)).toEqual({ total: 1, ids: [id] });
    expect(await the.list('/Users', `emails[type eq "work"].value eq "${email}"`)).toEqual({ total: 1, ids: [id] });
    expect(errorOf(await the.ask('GET', '/Users/5171a35d82074e068ce2'))).toEqual([404, undefined]);

    const changes = patchOf(
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@microsoft.example' },
      { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
      { op: 'Add', path: `${enterpriseUrn}:department`, value: 'Sales' },
    );
    expect(await the.done('PATCH', `/Users/${id}`, changes)).toMatchObject({
      schemas: [userUrn, enterpriseUrn],
      emails: [{ value: 'updatedEmail@microsoft.example', type: 'work', primary: true }],
      name: { givenName: 'givenName', familyName: 'updatedFamilyName' },
      [enterpriseUrn]: { department: 'Sales' },
      meta: { version: 'W/"2"' },
    });
    const renamed = '5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.example';
    await the.done('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'userName', value: renamed }));
    expect(await the.list('/Users', `userName eq "${renamed}"`)).toEqual({ total: 1, ids: [id] });
    expect(await the.list('/Users', `userName eq "${created.userName}"`)).toEqual({ total: 0, ids: [] });

    const disabled = await the.done(
      'PATCH',
      `/Users/${id}`,
      patchOf({ op: 'Replace', path: 'active', value: 'False' }),
    );
    expect(disabled).toMatchObject({ active: false });
    expect(the.on.token.floors).toContainEqual(
      expect.objectContaining({ kind: 'account', reason: 'account_disabled' }),
    );
    await the.done('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'True' }));

    const gone = await the.ask('DELETE', `/Users/${id}`);
    expect([gone.status, gone.body]).toEqual([204, '']);
    expect(errorOf(await the.ask('GET', `/Users/${id}`))).toEqual([404, undefined]);
    expect(errorOf(await the.ask('DELETE', `/Users/${id}`))).toEqual([404, undefined]);
    expect(await the.list('/Users', `userName eq "${renamed}"`)).toEqual({ total: 0, ids: [] });
  });
});

describe('what Entra ID does with a group', () => {
  it('creates, finds, renames, fills, empties and deletes it', async () => {
    const user = await the.user();
    const created = {
      schemas: [groupUrn, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
      displayName: 'displayName',
      meta: { resourceType: 'Group' },
    };
    const group = await the.done('POST', '/Groups', created);
    expect(group).toMatchObject({ schemas: [groupUrn], displayName: 'displayName', members: [] });
    const { id } = group;
    const without = await the.done('GET', `/Groups/${id}?excludedAttributes=members`);
    expect(without).not.toHaveProperty('members');
    const found = await the.list('/Groups', 'displayName eq "displayName"', '&excludedAttributes=members');
    expect(found).toEqual({ total: 1, ids: [id] });

    const patch = async (...operations: object[]) => {
      const { status, body } = await the.ask('PATCH', `/Groups/${id}`, patchOf(...operations));
      expect([status, body]).toEqual([204, '']);
    };
    await patch({
      op: 'Replace',
      path: 'displayName',
      value: '1879db59-3bdf-4490-ad68-ab880a269474updatedDisplayName',
    });
    await patch({ op: 'Add', path: 'members', value: [{ $ref: null, value: user.id }] });
    const display = String(user['userName']);
    expect(await the.done('GET', `/Groups/${id}`)).toMatchObject({
      displayName: '1879db59-3bdf-4490-ad68-ab880a269474updatedDisplayName',
      members: [{ value: user.id, type: 'User', display, $ref: user.meta.location }],
    });
    expect(await the.done('GET', `/Users/${user.id}`)).toMatchObject({ groups: [{ value: id, type: 'direct' }] });
    // Whether somebody is a member is asked so.
    expect(await the.list('/Groups', `id eq "${id}" and members eq "${user.id}"`, '&attributes=id')).toMatchObject({
      total: 1,
    });
    await patch({ op: 'Remove', path: 'members', value: [{ $ref: null, value: user.id }] });
    expect(await the.done('GET', `/Groups/${id}`)).toMatchObject({ members: [] });
    expect(await the.list('/Groups', `members.value eq "${user.id}"`)).toEqual({ total: 0, ids: [] });
    // With the flag aadOptscim062020.
    await patch({ op: 'add', path: 'members', value: [{ value: user.id }] });
    await patch({ op: 'remove', path: `members[value eq "${user.id}"]` });
    expect(await the.done('GET', `/Groups/${id}?aadOptscim062020`)).toMatchObject({ members: [] });

    expect((await the.ask('DELETE', `/Groups/${id}`)).status).toBe(204);
    expect(errorOf(await the.ask('GET', `/Groups/${id}`))).toEqual([404, undefined]);
  });
});
