import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccount, findClient, resolveAccount } from '@signet/contracts';
import { Applying, failure } from './applying.js';
import { aDeclaredClient, aDeclaredUser } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

describe('what a configuration takes away', () => {
  it('disables a client and an account, and answers when token has their floors', async () => {
    const { tenantId: tenant, users } = await the.applied();
    const accountId = users[0]?.accountId;
    await the.apply({ clients: [aDeclaredClient({ enabled: false })], users: [aDeclaredUser({ enabled: false })] });
    expect(the.on.token.floors.map(({ kind }) => kind).sort()).toEqual([
      ...['account', 'account_version'],
      ...['client', 'client_version'],
    ]);
    expect(the.on.token.floors).toContainEqual(expect.objectContaining({ kind: 'client_version', version: 2 }));
    expect(typesOf(await recordedEvents(the.on, tenant))).toEqual(
      expect.arrayContaining(['account.disabled', 'client.disabled']),
    );
    const { account } = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'alice' });
    expect(account).toEqual({ accountId, status: 'disabled', version: 2, username: 'Alice' });
    expect(await the.on.database.query('select from directory.unraised_floor')).toEqual([]);
  });

  it('forbids older copies of whatever client it changes, and of whoever may have lost a role by a group', async () => {
    const { tenantId: tenant, users } = await the.applied({
      users: [aDeclaredUser(), aDeclaredUser({ username: 'bob', roles: [] })],
    });
    await the.apply({
      clients: [aDeclaredClient({ scopes: ['openid'] })],
      users: [],
      groups: [{ name: 'staff', displayName: 'Staff', roles: [], groups: [] }],
    });
    const floors = the.on.token.floors.map((floor) => ({ ...floor, raiseId: '', reason: '' }));
    expect(floors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'client_version', version: 2 }),
        expect.objectContaining({ kind: 'authority_version', version: 1 }),
      ]),
    );
    const bob = users.find(({ username }) => username === 'bob')?.accountId;
    if (!bob) throw new Error('no account');
    const account = await the.on.requester.request(findAccount, { tenantId: tenant, accountId: bob });
    expect(account).toMatchObject({ roles: [], version: 1, authority: { version: 1 } });
    const other = users.find(({ username }) => username !== 'bob')?.accountId ?? bob;
    const { pairwiseSeed } = await the.on.requester.request(findAccount, { tenantId: tenant, accountId: other });
    expect(account.pairwiseSeed).not.toBe(pairwiseSeed);
  });

  it('ends a tenant, whose accounts are not found any more', async () => {
    const { tenantId: tenant } = await the.applied();
    await the.apply({ enabled: false });
    // One that is not confirmed at once is sent again by the raiser that looks every second.
    const floors = [...new Map(the.on.token.floors.map((floor) => [floor.kind, floor])).values()];
    expect(floors).toMatchObject([
      { kind: 'tenant', tenantId: tenant },
      { kind: 'tenant_version', tenantId: tenant, version: 2 },
    ]);
    const { account } = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'Alice' });
    expect(account).toBeNull();
  });

  it('says that it is unavailable while token is away; the change stands, and a repeat answers when the floor does', async () => {
    const { tenantId: tenant } = await the.applied();
    const disabled = { clients: [aDeclaredClient({ enabled: false })] };
    the.on.token.away = true;
    const { code } = await failure(the.apply(disabled));
    expect(['unavailable', 'deadline_exceeded']).toContain(code);
    expect(await the.on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' })).toMatchObject({
      enabled: false,
    });
    the.on.token.away = false;
    // Another plan with the same content changes nothing, and still may not answer before the floor is there.
    const { changes } = await the.apply(disabled);
    expect(changes).toBe(0);
    // The raiser that looks every second may have sent them, too.
    expect(new Set(the.on.token.floors.map(({ kind }) => kind))).toEqual(new Set(['client', 'client_version']));
  });

  it('raises after a restart what a crash between change and floor left', async () => {
    await the.applied();
    the.on.token.away = true;
    const left = failure(the.apply({ clients: [aDeclaredClient({ enabled: false })] }));
    await left;
    await the.on.restart();
    the.on.token.away = false;
    const waiting = async (): Promise<void> => {
      const rows = await the.on.database.query('select from directory.unraised_floor');
      if (rows.length > 0) await new Promise((resolve) => setTimeout(resolve, 50)).then(waiting);
    };
    await waiting();
    expect(new Set(the.on.token.floors.map(({ kind }) => kind))).toEqual(new Set(['client', 'client_version']));
  });
});
