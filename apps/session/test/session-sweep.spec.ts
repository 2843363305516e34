import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import { sweep } from '../src/ending/session-sweep.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
beforeAll(async () => {
  sessions = await sessionDatabase();
});
afterAll(() => sessions.stop());

const round = () => sweep(sessions.database, sessions.ending);

it('ends what has expired, with a floor for each, and leaves the rest', async () => {
  const acme = newId(tenantId);
  const [over, live] = [await sessions.begin({ tenantId: acme }), await sessions.begin({ tenantId: acme })];
  await sessions.meddle(`update session.session set idle_expires_at = clock_timestamp() from mark where id = $1`, [
    over,
  ]);
  await round();
  expect(await sessions.ends(over, live)).toEqual(['expired', null]);
  expect(sessions.floors).toMatchObject([{ kind: 'session', sessionId: over, reason: 'expired' }]);
});

it('forgets in one round all that ended over a week ago, however many, and nothing younger', async () => {
  const acme = newId(tenantId);
  const [week, live] = [await sessions.begin({ tenantId: acme }), await sessions.begin({ tenantId: acme })];
  const ended = (days: number) => `clock_timestamp() - interval '${days} days'`;
  await sessions.meddle(
    `insert into session.session (tenant_id, id, account_id, secret_hash, since, auth_time, acr, amr, created_at, last_seen_at,
      idle_seconds, idle_expires_at, absolute_expires_at, ended_at, end_reason, version)
    select tenant_id, gen_random_uuid(), account_id, secret_hash, since, auth_time, acr, amr, created_at, last_seen_at,
      idle_seconds, idle_expires_at, absolute_expires_at, ${ended(8)}, 'logout', 2
    from mark, session.session, generate_series(1, 2500) where id = $1`,
    [week],
  );
  await sessions.meddle(
    `update session.session set ended_at = ${ended(6)}, end_reason = 'logout' from mark where id = $1`,
    [week],
  );
  await round();
  expect(await sessions.ends(week, live)).toEqual(['logout', null]);
  const [left] = await sessions.suite.query<{ count: number }>(
    'select count(*)::int as count from session.session where tenant_id = $1',
    [acme],
  );
  expect(left?.count).toBe(2);
});
