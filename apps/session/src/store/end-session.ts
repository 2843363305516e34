import { accountId, sessionId, tenantId, type AccountId, type Micros, type RecordedEvent } from '@signet/contracts';
import { eventParameter, ignoredRow, int8, micros, microsOf, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import { isLive } from './session-row.js';

export type EndReason = 'logout' | 'expired' | 'revoked' | 'replaced';

/** What is left to do for an ended session: its event, and its floor. */
export interface EndedSession {
  readonly tenantId: z.infer<typeof tenantId>;
  readonly sessionId: z.infer<typeof sessionId>;
  readonly accountId: z.infer<typeof accountId>;
  readonly version: number;
  /** Its absolute expiry: until then its floor is needed. */
  readonly expiresAt: Micros;
}

const endedRow: z.ZodType<EndedSession> = z.object({
  tenantId,
  sessionId,
  accountId,
  version: int8,
  expiresAt: micros,
});

const endedColumns = `session.tenant_id as "tenantId", session.id as "sessionId", session.account_id as "accountId",
  session.version, ${microsOf('session.absolute_expires_at')} as "expiresAt"`;

const ending = (reason: string) =>
  `ended_at = clock_timestamp(), end_reason = ${reason}, version = session.version + 1`;

/** The session of a cookie's secret, ended whatever its age. `exceptAccount`: left alone where it is that account's. */
export const endOne = statement<
  { tenantId: string; sessionId: string; secretHash: string; reason: EndReason; exceptAccount: string | null },
  EndedSession
>({
  name: 'session.session.end',
  text: `
update session set ${ending('$4')}
where tenant_id = $1 and id = $2 and secret_hash = $3 and ended_at is null and ($5::uuid is null or account_id <> $5)
returning ${endedColumns}`,
  parameters: (p) => [p.tenantId, p.sessionId, Buffer.from(p.secretHash, 'base64url'), p.reason, p.exceptAccount],
  row: endedRow,
});

/** Up to 1,000 sessions whose time is up; those that another replica is ending are passed over. */
export const endExpired = statement<{ limit: number }, EndedSession>({
  name: 'session.session.end-expired',
  text: `
update session set ${ending("'expired'")}
from (
  select tenant_id, id from session
  where ended_at is null and idle_expires_at <= (select clock_timestamp())
  order by idle_expires_at limit $1 for update skip locked
) due
where session.tenant_id = due.tenant_id and session.id = due.id
returning ${endedColumns}`,
  parameters: ({ limit }) => [limit],
  row: endedRow,
});

/**
 * Up to 1,000 sessions of an account that signed in before a floor of it. Their floors need not be raised one by one: the
 * account's covers them.
 */
export const endOfAccount = statement<
  { tenantId: string; accountId: string; until: Micros; spared: string | null; limit: number },
  EndedSession
>({
  name: 'session.session.end-of-account',
  text: `
update session set ${ending("'revoked'")}
from (
  select tenant_id, id from session
  where tenant_id = $1 and account_id = $2 and ended_at is null and since <= ${timestampOf('$3')}
    and ($4::uuid is null or id <> $4)
  order by id limit $5 for update
) due
where session.tenant_id = due.tenant_id and session.id = due.id
returning ${endedColumns}`,
  parameters: (p) => [p.tenantId, p.accountId, p.until, p.spared, p.limit],
  row: endedRow,
});

/** Up to 1,000 sessions of a tenant that signed in before its floor, which covers them. */
export const endOfTenant = statement<{ tenantId: string; until: Micros; limit: number }, EndedSession>({
  name: 'session.session.end-of-tenant',
  text: `
update session set ${ending("'revoked'")}
from (
  select tenant_id, id from session
  where tenant_id = $1 and ended_at is null and since <= ${timestampOf('$2')}
  order by id limit $3 for update
) due
where session.tenant_id = due.tenant_id and session.id = due.id
returning ${endedColumns}`,
  parameters: (p) => [p.tenantId, p.until, p.limit],
  row: endedRow,
});

export const endById = statement<{ tenantId: string; sessionId: string }, EndedSession>({
  name: 'session.session.end-by-id',
  text: `
update session set ${ending("'revoked'")} where tenant_id = $1 and id = $2 and ended_at is null
returning ${endedColumns}`,
  parameters: (p) => [p.tenantId, p.sessionId],
  row: endedRow,
});

/** One of an account's, by the account itself. */
export const endOfOwner = statement<{ tenantId: string; sessionId: string; accountId: string }, EndedSession>({
  name: 'session.session.end-of-owner',
  text: `
update session set ${ending("'revoked'")} where tenant_id = $1 and id = $2 and account_id = $3 and ended_at is null
returning ${endedColumns}`,
  parameters: (p) => [p.tenantId, p.sessionId, p.accountId],
  row: endedRow,
});

/** What a logout request may be held against: the live session of a cookie. */
export const findForLogout = statement<
  { tenantId: string; sessionId: string; secretHash: string },
  { accountId: AccountId }
>({
  name: 'session.session.find-for-logout',
  text: `select account_id as "accountId" from session
    where tenant_id = $1 and id = $2 and secret_hash = $3 and ${isLive('session')}`,
  parameters: (p) => [p.tenantId, p.sessionId, Buffer.from(p.secretHash, 'base64url')],
  row: z.object({ accountId }),
});

/** The session of a cookie, where a logout has ended it just now: the browser may have lost the answer. */
export const findLoggedOut = statement<{ tenantId: string; sessionId: string; secretHash: string }, unknown>({
  name: 'session.session.find-logged-out',
  text: `select 1 from session where tenant_id = $1 and id = $2 and secret_hash = $3
    and end_reason = 'logout' and ended_at > clock_timestamp() - interval '10 minutes'`,
  parameters: (p) => [p.tenantId, p.sessionId, Buffer.from(p.secretHash, 'base64url')],
  row: ignoredRow,
});

/** Ended sessions are kept a week, for support. */
export const forget = statement<{ limit: number }, unknown>({
  name: 'session.session.forget',
  text: `delete from session where (tenant_id, id) in (
    select tenant_id, id from session where ended_at < clock_timestamp() - interval '7 days' limit $1
    for update skip locked
  ) returning 1`,
  parameters: ({ limit }) => [limit],
  row: ignoredRow,
});

/** Those of an erased account that have ended; not even the week that others are kept. */
export const eraseOfAccount = statement<{ tenantId: string; accountId: string }, unknown>({
  name: 'session.session.erase-of-account',
  text: `delete from session where tenant_id = $1 and account_id = $2 and ended_at is not null returning 1`,
  parameters: (p) => [p.tenantId, p.accountId],
  row: ignoredRow,
});

/** For statements that end many at once: their events follow in the same transaction. */
export const recordEvents = statement<{ events: readonly (readonly [RecordedEvent, number])[] }, unknown>({
  name: 'session.session.record-ended',
  text: `select record_event(event, version, null)
    from unnest($1::jsonb[], $2::bigint[]) as ended (event, version)`,
  parameters: ({ events }) => [events.map(([event]) => eventParameter(event)), events.map(([, version]) => version)],
  row: ignoredRow,
  records: true,
});
