import { eventId, eventWaits, type EventId, type EventNotTaken } from '@signet/contracts';
import { z } from 'zod';
import { bytea, ignoredRow, int8 } from './row-types.js';
import { statement } from './statement.js';

// What waits for another comes again after half its age: soon while that may still be on its way, and hourly in the end.
export const setAside = statement<readonly EventNotTaken[], { id: EventId; known: boolean }>({
  name: 'persistence.outbox.set-aside',
  text: `with before as materialized (select id, set_aside from outbox where id = any($1::uuid[]))
    update outbox set set_aside = given.reason, sent_at = clock_timestamp() + case given.reason
      when '${eventWaits}' then least(interval '1 hour', greatest(interval '0', clock_timestamp()
        - to_timestamp(('x' || substr(replace(outbox.id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0)) / 2)
      else interval '1 day' end
    from unnest($1::uuid[], $2::bytea[], $3::text[]) as given (id, digest, reason)
      join before on before.id = given.id
    where outbox.id = any($1::uuid[]) and outbox.id = given.id and sha256(outbox.leaf) = given.digest
    returning outbox.id, before.set_aside is not distinct from given.reason as known`,
  parameters: (events) => [
    events.map(({ id }) => id),
    events.map(({ digest }) => Buffer.from(digest, 'base64url')),
    events.map(({ reason }) => reason),
  ],
  row: z.object({ id: eventId, known: z.boolean() }),
});

/** An event that audit did not take when it came last. */
export interface SetAside {
  readonly id: string;
  readonly tenantId: string;
  readonly subject: string;
  readonly aggregate: string;
  readonly version: number;
  readonly reason: string;
  /** RFC 3339: when it was sent last, or is to be sent again. */
  readonly at: string;
  readonly leaf: Uint8Array;
}

/** By their ids, after one. */
export const listSetAside = statement<{ after: string; limit: number }, SetAside>({
  name: 'persistence.outbox.list-set-aside',
  text: `select id, tenant_id as "tenantId", subject, aggregate, aggregate_version as version, set_aside as reason,
      to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, leaf
    from outbox where set_aside is not null and id > $1::uuid order by id limit $2`,
  parameters: ({ after, limit }) => [after, limit],
  row: z.object({
    ...{ id: z.string(), tenantId: z.string(), subject: z.string(), aggregate: z.string(), version: int8 },
    ...{ reason: z.string(), at: z.string(), leaf: bytea },
  }),
});

/** All of them, as soon as their service looks. */
export const sendAgain = statement<undefined, unknown>({
  name: 'persistence.outbox.send-again',
  text: `update outbox set sent_at = clock_timestamp() - interval '1 minute' where set_aside is not null`,
  parameters: () => [],
  row: ignoredRow,
});
