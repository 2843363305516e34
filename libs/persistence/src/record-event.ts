import type { RecordedEvent } from '@signet/contracts';
import { ignoredRow } from './row-types.js';
import { statement } from './statement.js';

/** $1 … $8 of `record_event`, in its order, for statements that call it in RETURNING. `extra` are members that the caller knows. */
export function recordEventParameters(
  event: RecordedEvent,
  version: number,
  extra?: Record<string, unknown>,
): readonly unknown[] {
  return [
    event.id,
    event.tenantId,
    event.subject,
    event.aggregate,
    version,
    JSON.stringify(event.head),
    extra === undefined ? null : JSON.stringify(extra),
    event.personal ?? null,
  ];
}

/** An event as the one jsonb parameter of `record_event($n::jsonb, version, extra)`. */
export function eventParameter(event: RecordedEvent): string {
  return JSON.stringify({
    id: event.id,
    tenantId: event.tenantId,
    subject: event.subject,
    aggregate: event.aggregate,
    head: event.head,
    personal: event.personal === undefined ? null : Buffer.from(event.personal).toString('base64'),
  });
}

export const recordOne = statement<{ event: RecordedEvent; version: number }, unknown>({
  name: 'persistence.outbox.record',
  text: 'select record_event($1, $2, $3, $4, $5, $6, $7, $8)',
  parameters: ({ event, version }) => recordEventParameters(event, version),
  row: ignoredRow,
  records: true,
});

/** A batch given twice, after a connection broke during its commit, is written once. */
export const recordMany = statement<readonly RecordedEvent[], unknown>({
  name: 'persistence.outbox.record-many',
  text: `insert into outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf, personal)
    select id, tenant_id, subject, aggregate, 1, event_leaf(head, null, 1), personal
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::bytea[])
      as event (id, tenant_id, subject, aggregate, head, personal)
    on conflict (id) do nothing`,
  parameters: (events) => [
    events.map((event) => event.id),
    events.map((event) => event.tenantId),
    events.map((event) => event.subject),
    events.map((event) => event.aggregate),
    events.map((event) => JSON.stringify(event.head)),
    events.map((event) => (event.personal ? Buffer.from(event.personal) : null)),
  ],
  row: ignoredRow,
  records: true,
});
