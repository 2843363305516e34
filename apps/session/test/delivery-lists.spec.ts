import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, sessionId, accountId, tenantId } from '@signet/contracts';
import { listDeliveries, type DeliveryFilters } from '../src/deliveries/store/read-deliveries.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
beforeAll(async () => {
  sessions = await sessionDatabase();
  await fill(acme, 10_000);
  await fill(newId(tenantId), 500);
  await sessions.suite.query('analyze session.logout_delivery');
});
afterAll(() => sessions.stop());

const acme = newId(tenantId);
const [alice, one] = [newId(accountId), newId(sessionId)];

/** So many deliveries, of which every hundredth is of Alice and one client, and two are of one session. */
const fill = (tenant: string, count: number) =>
  sessions.meddle(
    `insert into session.logout_delivery
      (tenant_id, id, session_id, account_id, client_id, created_at, attempts, next_attempt_at, version, finished_at, outcome)
    select $1, session.uuid_v7(), case when n <= 2 then $2 else session.uuid_v7() end,
      case when n % 100 = 0 then $3 else session.uuid_v7() end, case when n % 100 = 0 then 'shop' else 'forum' end,
      clock_timestamp(), 1, clock_timestamp(), 1, case when n % 50 = 0 then clock_timestamp() end,
      case when n % 50 = 0 then case when n % 100 = 0 then 'delivered' else 'dead_lettered' end end
    from mark, generate_series(1, $4) n`,
    [tenant, one, alice, count],
  );

const asked = (filters: DeliveryFilters, after?: string, limit = 1_000) =>
  listDeliveries(acme, filters, { after, limit });

it('finds by each filter what it names, the latest first, and nothing of another tenant', async () => {
  const of = async (filters: DeliveryFilters, limit?: number) =>
    sessions.database.execute(asked(filters, undefined, limit), undefined);
  for (const [filters, count] of [
    [{ session: one }, 2],
    [{ account: alice }, 100],
    [{ client: 'shop' }, 100],
    [{ outcome: 'delivered' }, 100],
    [{ outcome: 'dead_lettered' }, 100],
    [{ account: alice, client: 'forum' }, 0],
    [{ client: 'shop', outcome: 'delivered' }, 100],
  ] as const) {
    const ids = (await of(filters)).map(({ id }) => id);
    expect([filters, ids.length]).toEqual([filters, count]);
    expect(ids).toEqual([...ids].sort().reverse());
  }
  const [first, second] = await of({ outcome: 'waiting' }, 2);
  const next = await sessions.database.execute(asked({ outcome: 'waiting' }, first?.id, 1), undefined);
  expect(next).toEqual([second]);
});

it.each<[DeliveryFilters, string]>([
  [{ session: one }, 'logout_delivery_of_session'],
  [{ account: alice }, 'logout_delivery_of_account'],
  [{ client: 'shop' }, 'logout_delivery_of_client'],
  [{ outcome: 'delivered' }, 'logout_delivery_of_outcome'],
  [{}, 'logout_delivery_pkey'],
])('reads %j by its index', async (filters, index) => {
  const { text, parameters } = asked(filters, undefined, 51);
  const plan = await sessions.suite.query(
    `explain ${text.replace('from logout_delivery', 'from session.logout_delivery')}`,
    [...parameters(undefined)],
  );
  expect(JSON.stringify(plan)).toContain(index);
});
