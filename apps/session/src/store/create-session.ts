import type { Authentication, createSession, RecordedEvent } from '@signet/contracts';
import { eventParameter, statement, timestampOf } from '@signet/persistence';
import type { z } from 'zod';
import { authenticationColumns, authenticationRow, isLive } from './session-row.js';

export interface Creation {
  readonly request: z.output<typeof createSession.request>;
  readonly created: RecordedEvent;
  readonly elevated: RecordedEvent;
}

/**
 * Raises the session that `replaces` names where it is this account's and lives: same id, new secret, new sign-in. Else begins a new one.
 * The absolute expiry of a raised session stays: its id lives no longer than it was given.
 */
export const beginSession = statement<Creation, Authentication>({
  name: 'session.session.begin',
  text: `
with elevated as (
  update session set
    secret_hash = $3, since = ${timestampOf('$5')}, auth_time = clock_timestamp(), acr = $6, amr = $7,
    remembered = $15, user_agent = $16, seen_ip = $17, last_seen_at = clock_timestamp(), idle_seconds = $8,
    idle_expires_at = least(clock_timestamp() + $8::integer * interval '1 second', absolute_expires_at),
    version = version + 1
  where tenant_id = $1 and id = $11 and secret_hash = $12 and account_id = $4 and ${isLive('session')}
  returning session.*, record_event($14::jsonb, version, jsonb_build_object('session', id))
), created as (
  insert into session (
    tenant_id, id, account_id, secret_hash, since, auth_time, acr, amr,
    created_at, last_seen_at, idle_seconds, idle_expires_at, absolute_expires_at, version,
    remembered, user_agent, seen_ip, began_ip
  )
  select $1, $2, $4, $3, ${timestampOf('$5')}, clock_timestamp(), $6, $7, clock_timestamp(), clock_timestamp(), $8,
    clock_timestamp() + least($8::integer, $9::integer) * interval '1 second',
    clock_timestamp() + $9::integer * interval '1 second', 1, $15, $16, $17, $17
  where not exists (select from elevated)
  returning session.*, record_event($13::jsonb, 1, null)
), standing as (
  select * from elevated union all select * from created
), joined as (
  insert into participant (tenant_id, session_id, client_id, joined_at)
  select tenant_id, id, $10::text, clock_timestamp() from standing where $10::text is not null
  on conflict do nothing
), proved as (
  insert into session_authentication (tenant_id, session_id, version, auth_time, acr, amr)
  select tenant_id, id, version, auth_time, acr, amr from standing
)
select ${authenticationColumns('standing')} from standing`,
  parameters: ({ request, created, elevated }) => [
    request.tenantId,
    request.session.sessionId,
    Buffer.from(request.session.secretHash, 'base64url'),
    request.accountId,
    request.since,
    request.acr,
    request.amr,
    request.lifetimes.idle,
    request.lifetimes.absolute,
    request.clientId ?? null,
    request.replaces?.sessionId ?? null,
    request.replaces ? Buffer.from(request.replaces.secretHash, 'base64url') : null,
    eventParameter(created),
    eventParameter(elevated),
    request.remembered,
    request.context.network?.userAgent ?? null,
    request.context.network?.ip ?? null,
  ],
  row: authenticationRow,
  records: true,
});
