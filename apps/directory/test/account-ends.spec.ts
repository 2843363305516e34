import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Administering, problemOf, shownAccount, type AdministeredTenant } from './administering.js';
import { aDeclaredUser } from './declarations.js';
import { typesOf } from './recorded-events.js';

let the: Administering;
let acme: AdministeredTenant;
let globex: AdministeredTenant;
beforeAll(async () => {
  the = await Administering.start();
  globex = await the.tenant();
});
afterAll(() => the.stop());

const user = (username: string, changed: object = {}) =>
  aDeclaredUser({ username, groups: [], roles: [], organisations: [], ...changed });

beforeEach(async () => {
  acme = await the.tenant({
    organisations: [{ name: 'paris', displayName: 'Paris', enabled: true, roles: [] }],
    users: [
      user('Alice', { organisations: [{ name: 'paris', roles: [] }] }),
      user('Root', { roles: ['signet:administrator'] }),
      user('Boss', { organisations: [{ name: 'paris', roles: ['signet:administrator'] }] }),
      user('Clerk', { roles: ['clerk'] }),
    ],
    roles: [
      { name: 'clerk', description: '', permissions: { 'urn:signet:management': ['accounts:read', 'accounts:write'] } },
      { name: 'auditor', description: '', permissions: {} },
    ],
  });
});

const path = (username: string, action = '') => `/accounts/${shownAccount(acme, username)}${action}`;
const eventsOf = async (username: string) =>
  (await the.eventsOf(acme, `account:${acme.accounts.get(username) ?? ''}`)).map(({ type, actor }) => [
    typesOf([{ type } as never])[0],
    actor,
  ]);

describe('DELETE, restore and erase of an account', () => {
  it('make it nobody, somebody again, and nobody for good', async () => {
    const { bearer } = acme;
    const before = await the.done(bearer, 'GET', path('Alice'));
    await the.done(bearer, 'DELETE', path('Alice'));
    expect(problemOf(await the.ask(bearer, 'GET', path('Alice')))).toEqual([404, 'not-found']);
    expect(problemOf(await the.ask(bearer, 'DELETE', path('Alice')))).toEqual([404, 'not-found']);
    expect(problemOf(await the.ask(bearer, 'POST', '/accounts', { username: 'alice' }))).toEqual([
      409,
      'conflict',
      '/username',
    ]);
    const restored = await the.ask(bearer, 'POST', path('Alice', '/restore'));
    expect([restored.status, restored.headers.get('etag')]).toEqual([200, '"3"']);
    expect(restored.body).toMatchObject({ id: before.id, username: 'Alice', organisations: before['organisations'] });
    expect(problemOf(await the.ask(bearer, 'POST', path('Alice', '/restore')))).toEqual([409, 'not-restorable']);
    expect((await the.ask(bearer, 'POST', path('Alice', '/erase'))).status).toBe(204);
    for (const action of ['/restore', '/erase'])
      expect(problemOf(await the.ask(bearer, 'POST', path('Alice', action)))).toEqual([404, 'not-found']);
    expect(problemOf(await the.ask(bearer, 'POST', '/accounts', { username: 'alice' }))).toEqual([
      409,
      'conflict',
      '/username',
    ]);
    expect(await eventsOf('Alice')).toEqual([
      ['account.created', 'operator:configuration'],
      ...['deleted', 'restored', 'deleted', 'erased'].map((verb) => [`account.${verb}`, 'client:console']),
    ]);
  });

  it('are of the version that the caller means', async () => {
    const { bearer } = acme;
    const stale = { headers: { 'if-match': '"7"' } };
    expect(problemOf(await the.ask(bearer, 'DELETE', path('Alice'), undefined, stale))).toEqual([412, 'stale']);
    const first = { headers: { 'if-match': '"1"' } };
    expect((await the.ask(bearer, 'DELETE', path('Alice'), undefined, first)).status).toBe(204);
    for (const action of ['/restore', '/erase'])
      expect(problemOf(await the.ask(bearer, 'POST', path('Alice', action), undefined, first))).toEqual([412, 'stale']);
    const second = { headers: { 'if-match': '"2"' } };
    expect((await the.ask(bearer, 'POST', path('Alice', '/restore'), undefined, second)).status).toBe(200);
  });

  it('are not of another tenant, and need the permission', async () => {
    for (const [method, action] of [
      ['DELETE', ''],
      ['POST', '/restore'],
      ['POST', '/erase'],
    ] as const) {
      expect(problemOf(await the.ask(globex.bearer, method, path('Alice', action)))).toEqual([404, 'not-found']);
      const alice = the.as(acme, 'Alice');
      expect(problemOf(await the.ask(alice, method, path('Clerk', action)))).toEqual([403, 'insufficient-permission']);
    }
  });

  it('are not of an administrator by somebody who holds less', async () => {
    const clerk = the.as(acme, 'Clerk');
    for (const [method, action] of [
      ['DELETE', ''],
      ['POST', '/erase'],
    ] as const)
      expect(problemOf(await the.ask(clerk, method, path('Root', action)))).toEqual([403, 'insufficient-permission']);
    expect((await the.ask(clerk, 'DELETE', path('Alice'))).status).toBe(204);
  });

  it('reach as far as a deletion within the organisations that somebody administers', async () => {
    const boss = the.as(acme, 'Boss');
    expect(problemOf(await the.ask(boss, 'DELETE', path('Clerk')))).toEqual([404, 'not-found']);
    expect(problemOf(await the.ask(boss, 'POST', path('Alice', '/erase')))).toEqual([403, 'insufficient-permission']);
    expect((await the.ask(boss, 'DELETE', path('Alice'))).status).toBe(204);
  });
});
