import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountId, newId, tenantId, type AccountId } from '@signet/contracts';
import { endById } from '../src/store/end-session.js';
import { findSession, listSessions, type Filters } from '../src/store/list-sessions.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
beforeAll(async () => {
  sessions = await sessionDatabase();
});
afterAll(() => sessions.stop());

const acme = newId(tenantId);
const [alice, bob] = [newId(accountId), newId(accountId)];
const begin = (account: AccountId, client: string, tenant = acme) =>
  sessions.begin({ tenantId: tenant, accountId: account, asked: { clientId: client } });
const list = async (filters: Filters, after?: string, limit = 10) => {
  const found = await sessions.database.execute(listSessions(acme, filters, { after, limit }), undefined);
  return found.map((each) => each.sessionId);
};

it('lists the live sessions of a tenant in their order, by account and by who takes part', async () => {
  const [one, two, over] = [await begin(alice, 'shop'), await begin(alice, 'desk'), await begin(alice, 'shop')];
  const three = await begin(bob, 'shop');
  await begin(alice, 'shop', newId(tenantId));
  const context = { actor: 'client:console' as const };
  const parameters = { tenantId: acme, sessionId: over };
  await sessions.ending.end({ statement: endById, parameters, reason: 'revoked', context, raise: true });
  expect(await list({})).toEqual([one, two, three]);
  expect(await list({ account: alice })).toEqual([one, two]);
  expect(await list({ client: 'shop' })).toEqual([one, three]);
  expect(await list({ account: bob, client: 'shop' })).toEqual([three]);
  expect(await list({ account: bob, client: 'desk' })).toEqual([]);
  expect([await list({}, one, 1), await list({ client: 'shop' }, one)]).toEqual([[two], [three]]);
  expect(await sessions.database.first(findSession, { tenantId: acme, sessionId: over })).toBeUndefined();
});

it('shows who takes part, and each time that the person proved who they are', async () => {
  const id = await begin(bob, 'shop');
  const found = await sessions.database.first(findSession, { tenantId: acme, sessionId: id });
  expect(found).toMatchObject({
    accountId: bob,
    clients: [{ clientId: 'shop', joinedAt: expect.any(Number) }],
    authentications: [{ authTime: expect.any(Number), acr: 'urn:signet:acr:password', amr: ['pwd'] }],
  });
});
