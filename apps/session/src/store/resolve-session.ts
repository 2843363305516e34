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
), known as (
  select from participant where tenant_id = $1 and session_id = $2 and client_id = $4
), joining as (
  -- Held until it is committed: whoever ends the session tells this client too, or has ended it before the client takes part.
  select session.* from session
  where tenant_id = $1 and id = $2 and secret_hash = $3 and ${isLive('session')}
    and $4::text is not null and not exists (select from known)
  -- No share: what is seen below would want more of a row that two new clients hold.
  for no key update
), seen as (
  update session set
    last_seen_at = clock_timestamp(), user_agent = coalesce($6, session.user_agent), seen_ip = coalesce($7, session.seen_ip),
    idle_expires_at = least(clock_timestamp() + session.idle_seconds * interval '1 second', session.absolute_expires_at)
  -- The row is locked before it is changed, or the lock would pass over it.
  from found, (select count(*) from joining) locked
  where session.tenant_id = found.tenant_id and session.id = found.id and session.ended_at is null
    and session.last_seen_at < clock_timestamp() - interval '1 minute'
), joined as (
  insert into participant (tenant_id, session_id, client_id, joined_at)
  select tenant_id, id, $4::text, clock_timestamp() from joining
  on conflict do nothing
  returning record_event($5::jsonb, 1, (select jsonb_build_object('subject', 'account:' || account_id) from joining))
)
select ${authenticationColumns('found')} from found
where $4::text is null or exists (select from known) or exists (select from joining)`,
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
