import type { Authentication, RecordedEvent, SessionReference } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import { authenticationColumns, authenticationRow, isLive } from './session-row.js';

export interface Resolution {
  readonly tenantId: string;
  readonly session: SessionReference;
  readonly clientId: string;
  /** One for each client and session, by its aggregate; recorded where the client is new to it. */
  readonly joined: RecordedEvent;
}

/** The live session behind a cookie; notes at most once a minute that it was seen, and once for all that the client takes part. */
export const resolve = statement<Resolution, Authentication>({
  name: 'session.session.resolve',
  text: `
with found as (
  select * from session where tenant_id = $1 and id = $2 and secret_hash = $3 and ${isLive('session')}
), seen as (
  update session set
    last_seen_at = clock_timestamp(),
    idle_expires_at = least(clock_timestamp() + session.idle_seconds * interval '1 second', session.absolute_expires_at)
  from found
  where session.tenant_id = found.tenant_id and session.id = found.id and session.ended_at is null
    and session.last_seen_at < clock_timestamp() - interval '1 minute'
), joined as (
  insert into participant (tenant_id, session_id, client_id, joined_at)
  select tenant_id, id, $4, clock_timestamp() from found
  on conflict do nothing
  returning record_event($5::jsonb, 1, (select jsonb_build_object('subject', 'account:' || account_id) from found))
)
select ${authenticationColumns('found')} from found`,
  parameters: (p) => [
    p.tenantId,
    p.session.sessionId,
    Buffer.from(p.session.secretHash, 'base64url'),
    p.clientId,
    eventParameter(p.joined),
  ],
  row: authenticationRow,
  records: true,
});
