import type { Micros, RecordedEvent, TenantId } from '@signet/contracts';
import { eventParameter, ignoredRow, statement, timestampOf } from '@signet/persistence';
import type { ReservedPlace } from '../status-places.js';
import { entryExpiry, placeColumns } from './insert-entry.js';

/** A token that a client gets for itself, with its place. */
export interface ListedToken {
  readonly tenantId: TenantId;
  readonly place: ReservedPlace;
  readonly instance: string;
  readonly clientId: string;
  readonly since: Micros;
  readonly event: RecordedEvent;
}

/** Records them and gives them their places. What was written before is not written again. */
export const recordListed = statement<readonly ListedToken[], unknown>({
  name: 'token.status-entry.record-many',
  text: `with given as materialized (
    select *, (event ->> 'id')::uuid as event_id
    from jsonb_to_recordset($1::jsonb) as given (tenant_id uuid, instance_id uuid, client_id text, since bigint, place jsonb, event jsonb)
  ), fresh as materialized (
    select tenant_id, instance_id, client_id, ${timestampOf('since')} as since, place, event
    from given where not exists (select from outbox where outbox.id = given.event_id)
  ), listed as (
    insert into status_entry (tenant_id, index, jti, instance_id, client_id, since, expires_at)
    select fresh.tenant_id, place.index, place.jti, fresh.instance_id, fresh.client_id, fresh.since, ${entryExpiry('place.lifetime')}
    from fresh, jsonb_to_record(fresh.place) as place ${placeColumns}
  )
  select record_event(event, 1) from fresh`,
  parameters: (tokens) => [
    JSON.stringify(
      tokens.map(({ tenantId, place, instance, clientId, since, event }) => ({
        tenant_id: tenantId,
        instance_id: instance,
        client_id: clientId,
        since,
        place,
        event: JSON.parse(eventParameter(event)) as unknown,
      })),
    ),
  ],
  row: ignoredRow,
  records: true,
});
