import type { Authentication, Network, RecordedEvent, SessionReference } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import { authenticationColumns, authenticationRow, isLive } from './session-row.js';

export interface Resolution {
  readonly tenantId: string;
  readonly session: SessionReference;
  readonly network: Network | undefined;
  /** Who takes part, and the event of it: one for each client and session, by its aggregate; recorded where the client is new to it. */
  readonly participant?: { readonly clientId: string; readonly joined: RecordedEvent } | undefined;
}

/** The live session behind a cookie; notes at most once a minute that it was seen, and where, and once for all that the client takes part. */
export const resolve = statement<Resolution, Authentication>({
  name: 'session.session.resolve',
  text: `
with found as (
  select * from session where tenant_id = $1 and id = $2 and secret_hash = $3 and ${isLive('session')}
), seen as (
  update session set
    last_seen_at = clock_timestamp(), user_agent = coalesce($6, session.user_agent), seen_ip = coalesce($7, session.seen_ip),
    idle_expires_at = least(clock_timestamp() + session.idle_seconds * interval '1 second', session.absolute_expires_at)
  from found
  where session.tenant_id = found.tenant_id and session.id = found.id and session.ended_at is null
    and session.last_seen_at < clock_timestamp() - interval '1 minute'
), joined as (
  insert into participant (tenant_id, session_id, client_id, joined_at)
  select tenant_id, id, $4::text, clock_timestamp() from found where $4::text is not null
  on conflict do nothing
  returning record_event($5::jsonb, 1, (select jsonb_build_object('subject', 'account:' || account_id) from found))
)
select ${authenticationColumns('found')} from found`,
  parameters: (p) => [
    p.tenantId,
    p.session.sessionId,
    Buffer.from(p.session.secretHash, 'base64url'),
    p.participant?.clientId ?? null,
    p.participant ? eventParameter(p.participant.joined) : null,
    p.network?.userAgent ?? null,
    p.network?.ip ?? null,
  ],
  row: authenticationRow,
  records: true,
});
