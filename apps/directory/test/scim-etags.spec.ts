import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { errorOf, groupUrn, patchOf, Provisioning, userUrn } from './provisioning.js';

let the: Provisioning;

beforeAll(async () => {
  the = await Provisioning.start();
});
afterAll(() => the.stop());
beforeEach(() => the.use());

// RFC 7644 section 3.14.
describe.each([
  ['Users', () => the.user(), { schemas: [userUrn], userName: 'renamed' }, 200],
  ['Groups', () => the.group(), { schemas: [groupUrn], displayName: 'renamed' }, 204],
] as const)('versions of %s', (endpoint, make, body, patched) => {
  const title = endpoint === 'Users' ? 'userName' : 'displayName';

  it('are told, and asked for by If-None-Match', async () => {
    const { id } = await make();
    const path = `/${endpoint}/${id}`;
    const tag = (await the.ask('GET', path)).headers.get('etag');
    expect(tag).toBe('W/"1"');
    const again = async (headers: Record<string, string>) =>
      (await the.ask('GET', path, undefined, { headers })).status;
    expect(await again({ 'If-None-Match': 'W/"1"' })).toBe(304);
    expect(await again({ 'If-None-Match': '"0", W/"1"' })).toBe(304);
    expect(await again({ 'If-None-Match': '*' })).toBe(304);
    expect(await again({ 'If-None-Match': 'W/"2"' })).toBe(200);
    expect(await again({ 'If-None-Match': 'nonsense' })).toBe(400);
  });

  it('are what a change is made to by If-Match, or it is not made', async () => {
    const { id } = await make();
    const path = `/${endpoint}/${id}`;
    const patch = (value: string, tag: string) =>
      the.ask('PATCH', path, patchOf({ op: 'replace', path: title, value }), { headers: { 'If-Match': tag } });
    expect(errorOf(await patch('a', 'W/"2"'))).toEqual([412, undefined]);
    expect(await patch('a', 'W/"1"')).toMatchObject({ status: patched });
    expect(errorOf(await patch('b', 'W/"1"'))).toEqual([412, undefined]);
    expect(await patch('b', '*')).toMatchObject({ status: patched });
    expect(errorOf(await patch('c', '1'))).toEqual([400, 'invalidValue']);
    const headers = { 'If-Match': 'W/"2"' };
    expect(errorOf(await the.ask('PUT', path, body, { headers }))).toEqual([412, undefined]);
    expect(errorOf(await the.ask('DELETE', path, undefined, { headers }))).toEqual([412, undefined]);
    expect(await the.done('GET', path)).toMatchObject({ [title]: 'b', meta: { version: 'W/"3"' } });
    expect((await the.ask('DELETE', path, undefined, { headers: { 'If-Match': 'W/"3"' } })).status).toBe(204);
  });

  it('stay where nothing changes, and nothing is told of it', async () => {
    const { id } = await make();
    const before = await the.eventsOf();
    const floors = the.on.token.floors.length;
    const current = (await the.done('GET', `/${endpoint}/${id}`))[title];
    const patch = patchOf({ op: 'replace', path: title, value: current });
    const answer = await the.ask('PATCH', `/${endpoint}/${id}`, patch);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(await the.eventsOf()).toEqual(before);
    expect(the.on.token.floors).toHaveLength(floors);
  });

  it('let one of many changes at once through', async () => {
    const { id } = await make();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        the.ask('PATCH', `/${endpoint}/${id}`, patchOf({ op: 'replace', path: title, value: `at once ${at}` }), {
          headers: { 'If-Match': 'W/"1"' },
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([patched, ...Array<number>(7).fill(412)]);
    expect(await the.done('GET', `/${endpoint}/${id}`)).toMatchObject({ meta: { version: 'W/"2"' } });
  });

  it('lets one of many of the same name be made at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => the.ask('POST', `/${endpoint}`, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
  });
});

describe('members', () => {
  it('that come and go at once all come and go, and each change is a version', async () => {
    const group = await the.group();
    const users = await Promise.all(Array.from({ length: 8 }, () => the.user()));
    const path = `/Groups/${group.id}`;
    const change = async (op: 'add' | 'remove') => {
      const changes = users.map(({ id }) =>
        the.ask('PATCH', path, patchOf({ op, path: 'members', value: [{ value: id }] })),
      );
      expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(Array(8).fill(204));
      return the.done('GET', path);
    };
    const full = await change('add');
    expect(full['members']).toHaveLength(8);
    expect(full.meta.version).toBe('W/"9"');
    expect(await change('remove')).toMatchObject({ members: [], meta: { version: 'W/"17"' } });
    const told = (await the.eventsOf('%')).filter(({ type }) => type === 'signet.directory.group.updated.v1');
    expect(told.map(({ aggregateversion }) => aggregateversion).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 16 }, (_, at) => at + 2),
    );
    expect(told[0]?.data).toMatchObject({ changed: ['members'], before: { members: [] } });
    expect(the.on.token.floors).toContainEqual(expect.objectContaining({ kind: 'authority_version' }));
  });
});
