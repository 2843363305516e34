import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Administering, problemOf, shownAccount, type Made } from './administering.js';
import { aDeclaredClient, aDeclaredUser } from './declarations.js';

let the: Administering;
beforeAll(async () => {
  the = await Administering.start();
});
afterAll(() => the.stop());

const redirects = { redirect_uris: ['https://new.example/cb'] };

describe('whoever administers', () => {
  it('gives nobody what he does not have himself', async () => {
    const tenant = await the.tenant({
      roles: [
        {
          name: 'helpdesk',
          description: '',
          permissions: { 'urn:signet:management': ['accounts:write', 'accounts:read'] },
        },
        {
          name: 'developer',
          description: '',
          permissions: { 'urn:signet:management': ['clients:write', 'roles:write', 'groups:write', 'groups:read'] },
        },
      ],
      groups: [{ name: 'admins', displayName: 'Admins', roles: ['signet:administrator'], groups: [] }],
      users: [
        aDeclaredUser({ username: 'help', groups: [], roles: ['helpdesk'] }),
        aDeclaredUser({ username: 'dev', groups: [], roles: ['developer'] }),
        aDeclaredUser({ username: 'boss', groups: ['admins'], roles: [] }),
        aDeclaredUser({ username: 'plain', groups: [], roles: [] }),
      ],
      clients: [aDeclaredClient({ clientId: 'robot', roles: ['signet:administrator'] })],
    });
    const [help, dev] = [the.as(tenant, 'help'), the.as(tenant, 'dev')];
    const account = (username: string) => `/accounts/${shownAccount(tenant, username)}`;
    const refused = [403, 'insufficient-permission'];
    await the.done(help, 'PATCH', account('plain'), { roles: ['helpdesk'], nickname: 'P.' });
    for (const [bearer, method, path, body] of [
      [help, 'PATCH', account('plain'), { roles: ['signet:administrator'] }],
      [help, 'PATCH', account('help'), { groups: ['admins'] }],
      [help, 'PATCH', account('boss'), { email: 'mine@evil.example' }],
      [help, 'POST', '/accounts', { username: 'new', groups: ['admins'] }],
      [dev, 'POST', '/roles', { name: 'mine', permissions: { 'urn:signet:management': ['keys:write'] } }],
      [dev, 'POST', '/groups', { name: 'mine', roles: ['signet:administrator'] }],
      [dev, 'POST', '/clients', { ...redirects, roles: ['signet:administrator'] }],
      [dev, 'POST', '/clients/robot/secret', {}],
      [dev, 'PATCH', '/clients/robot', { redirect_uris: ['https://evil.example/cb'] }],
      [dev, 'DELETE', '/clients/robot', undefined],
    ] as const) {
      const answer = await the.ask(bearer, method, path, body);
      expect([method, path, body, ...problemOf(answer)]).toEqual([method, path, body, ...refused]);
    }
    // Ten of them one by one.
    const events = await the.eventsOf(tenant, 'management-call:%');
    expect(events.map(({ actor, reason }) => [actor.replace(/:.*/, ''), reason])).toEqual(
      Array.from({ length: 10 }, () => ['account', 'insufficient_authority']),
    );
    // A group whose members would come to be administrators by what lies around it.
    const nested = await the.done(dev, 'POST', '/groups', { name: 'inner' });
    const { items } = (await the.done(tenant.bearer, 'GET', '/groups?name=admins')) as unknown as { items: Made[] };
    const admins = `/groups/${items[0]?.id ?? ''}`;
    expect(problemOf(await the.ask(dev, 'PATCH', admins, { groups: ['inner'] }))).toEqual(refused);
    await the.done(tenant.bearer, 'PATCH', admins, { groups: ['inner'] });
    const member = `/groups/${nested.id}/members/${shownAccount(tenant, 'plain')}`;
    expect(problemOf(await the.ask(dev, 'PUT', member))).toEqual(refused);
  });

  it('does not become somebody who held more and is disabled, by bringing them back', async () => {
    const tenant = await the.tenant({
      roles: [
        {
          name: 'helpdesk',
          description: '',
          permissions: { 'urn:signet:management': ['accounts:write', 'accounts:read'] },
        },
      ],
      users: [
        aDeclaredUser({ username: 'help', groups: [], roles: ['helpdesk'] }),
        aDeclaredUser({ username: 'boss', groups: [], roles: ['signet:administrator'] }),
        aDeclaredUser({ username: 'peer', groups: [], roles: ['helpdesk'] }),
      ],
    });
    const help = the.as(tenant, 'help');
    const account = (username: string) => `/accounts/${shownAccount(tenant, username)}`;
    for (const username of ['boss', 'peer']) {
      await the.done(tenant.bearer, 'PATCH', account(username), { enabled: false });
    }
    for (const body of [{ enabled: true }, { email: 'mine@evil.example' }, { username: 'mine' }]) {
      const answer = await the.ask(help, 'PATCH', account('boss'), body);
      expect([body, ...problemOf(answer)]).toEqual([body, 403, 'insufficient-permission']);
    }
    await the.done(help, 'PATCH', account('peer'), { enabled: true });
  });

  it('makes no client that acts as people in administration with more than he has', async () => {
    const tenant = await the.tenant({
      roles: [
        {
          name: 'developer',
          description: '',
          permissions: { 'urn:signet:management': ['clients:write', 'clients:read'] },
        },
      ],
      users: [aDeclaredUser({ username: 'dev', groups: [], roles: ['developer'] })],
    });
    const dev = the.as(tenant, 'dev');
    const plain = await the.done(dev, 'POST', '/clients', redirects);
    const client = `/clients/${String(plain['client_id'])}`;
    for (const [method, path, body] of [
      ['POST', '/clients', { ...redirects, scope: 'openid signet:admin' }],
      ['POST', '/clients', { ...redirects, scope: 'openid signet:scim' }],
      ['PATCH', client, { scope: 'openid signet:admin' }],
    ] as const) {
      const answer = await the.ask(dev, method, path, body);
      expect([path, body, ...problemOf(answer)]).toEqual([path, body, 403, 'insufficient-permission']);
    }
    await the.done(tenant.bearer, 'POST', '/clients', { ...redirects, scope: 'openid signet:admin' });
  });

  it('within organisations sees and changes what is theirs alone', async () => {
    const permissions = ['accounts', 'groups', 'organisations'].flatMap((name) => [`${name}:read`, `${name}:write`]);
    const manages = (name: string) => [{ name, roles: ['manager'] }];
    const tenant = await the.tenant({
      roles: [
        { name: 'manager', description: '', permissions: { 'urn:signet:management': permissions } },
        { name: 'auditor', description: '', permissions: {} },
      ],
      organisations: ['paris', 'oslo'].map((name) => ({ name, displayName: name, enabled: true, roles: [] })),
      groups: [
        { name: 'crew', organisation: 'paris', displayName: 'Crew', roles: [], groups: [] },
        { name: 'crew', organisation: 'oslo', displayName: 'Crew', roles: [], groups: [] },
        { name: 'all', displayName: 'All', roles: [], groups: [] },
      ],
      users: [
        aDeclaredUser({ username: 'pierre', groups: [], roles: [], organisations: manages('paris') }),
        aDeclaredUser({ username: 'marie', groups: [], roles: [], organisations: [{ name: 'paris', roles: [] }] }),
        aDeclaredUser({ username: 'ole', groups: [], roles: [], organisations: [{ name: 'oslo', roles: [] }] }),
        aDeclaredUser({
          ...{ username: 'both', groups: [], roles: [] },
          organisations: ['paris', 'oslo'].map((name) => ({ name, roles: [] })),
        }),
        aDeclaredUser({ username: 'nowhere', groups: [], roles: [] }),
      ],
    });
    const pierre = the.as(tenant, 'pierre');
    const account = (username: string) => `/accounts/${shownAccount(tenant, username)}`;
    const all = async (path: string) => {
      const { items } = (await the.done(pierre, 'GET', path)) as unknown as { items: Made[] };
      return items;
    };
    const idsOf = async (path: string, name: string): Promise<string> => {
      const { items } = (await the.done(tenant.bearer, 'GET', path)) as unknown as { items: Made[] };
      return items.find((one) => [one['name'], one['organisation']].includes(name))?.id ?? '';
    };
    expect((await all('/organisations')).map((one) => one['name'])).toEqual(['paris']);
    expect((await all('/groups')).map((one) => one['organisation'])).toEqual(['paris']);
    expect((await all('/accounts')).map((one) => one['username']).sort()).toEqual(['marie', 'pierre']);
    const [oslo, paris] = [await idsOf('/organisations', 'oslo'), await idsOf('/organisations', 'paris')];
    const [osloCrew, parisCrew] = [await idsOf('/groups', 'oslo'), await idsOf('/groups', 'paris')];
    for (const [method, path, body] of [
      ['GET', `/organisations/${oslo}`],
      ['PATCH', `/organisations/${oslo}`, { enabled: false }],
      ['GET', `/organisations/${oslo}/members`],
      ['PUT', `/organisations/${oslo}/members/${shownAccount(tenant, 'marie')}`, {}],
      ['PUT', `/organisations/${paris}/members/${shownAccount(tenant, 'ole')}`, {}],
      ['GET', `/groups/${osloCrew}`],
      ['DELETE', `/groups/${osloCrew}`],
      ['PUT', `/groups/${osloCrew}/members/${shownAccount(tenant, 'marie')}`],
      ['GET', account('ole')],
      ['PATCH', account('both'), { nickname: 'x' }],
      ['GET', account('nowhere')],
    ] as const) {
      expect([method, path, ...problemOf(await the.ask(pierre, method, path, body))]).toEqual([
        ...[method, path, 404, 'not-found'],
      ]);
    }
    const refused = [403, 'insufficient-permission'];
    for (const [method, path, body] of [
      ['POST', '/organisations', { name: 'rome' }],
      ['POST', '/accounts', { username: 'anywhere' }],
      ['POST', '/accounts', { username: 'there', organisations: [{ name: 'oslo' }] }],
      ['PATCH', account('marie'), { roles: ['auditor'] }],
      ['PATCH', account('marie'), { groups: ['all'] }],
      ['PATCH', account('marie'), { organisations: [{ name: 'paris' }, { name: 'oslo' }] }],
      ['PATCH', account('marie'), { organisations: [] }],
      ['GET', '/clients'],
    ] as const) {
      expect([method, path, ...problemOf(await the.ask(pierre, method, path, body))]).toEqual([
        method,
        path,
        ...refused,
      ]);
    }
    const made = await the.done(pierre, 'POST', '/accounts', { username: 'new', organisations: manages('paris') });
    expect(made).toMatchObject({ organisations: [{ name: 'paris', roles: ['manager'] }] });
    const member = `/groups/${parisCrew}/members/${shownAccount(tenant, 'marie')}`;
    expect(await the.done(pierre, 'PUT', member)).toMatchObject({ username: 'marie' });
    expect(await all(`/groups/${parisCrew}/members`)).toHaveLength(1);
    expect(await the.done(pierre, 'GET', account('marie'))).toMatchObject({ groups: ['paris/crew'] });
    expect(await all(`/organisations/${paris}/members`)).toHaveLength(4);
    await the.done(pierre, 'DELETE', member);
    expect(await all(`/groups/${parisCrew}/members`)).toEqual([]);
    const left = `/organisations/${paris}/members/${shownAccount(tenant, 'both')}`;
    await the.done(tenant.bearer, 'DELETE', left);
    expect(await the.done(tenant.bearer, 'GET', account('both'))).toMatchObject({ organisations: [{ name: 'oslo' }] });
  });
});
