import { z } from 'zod';
import { ignoredRow, int8 } from './row-types.js';
import { statement } from './statement.js';

/** How far a consumer has applied a stream; a stream made again has another time of creation. */
export interface ConsumerPosition {
  /** RFC 3339 as NATS tells it; compared as text. */
  streamCreated: string;
  sequence: number;
}

export const readConsumerPosition = statement<{ consumer: string }, ConsumerPosition>({
  name: 'persistence.consumer-position.read',
  text: 'select stream_created as "streamCreated", sequence from consumer_position where consumer = $1',
  parameters: ({ consumer }) => [consumer],
  row: z.object({ streamCreated: z.string(), sequence: int8 }),
});

/** Belongs in the transaction of the effect. Gives a row if the position moved on, none if it was there already: applied before. */
export const advanceConsumerPosition = statement<{ consumer: string } & ConsumerPosition, { consumer: string }>({
  name: 'persistence.consumer-position.advance',
  text: `insert into consumer_position as known (consumer, stream_created, sequence)
    values ($1, $2, $3)
    on conflict (consumer) do update set stream_created = excluded.stream_created, sequence = excluded.sequence
    where known.stream_created <> excluded.stream_created or known.sequence < excluded.sequence
    returning consumer`,
  parameters: (p) => [p.consumer, p.streamCreated, p.sequence],
  row: z.object({ consumer: z.string() }),
});

/** A floor that this owner has committed and token has not yet; belongs in the transaction of the change. */
export interface UnraisedFloor {
  id: string;
  tenantId: string;
  payload: unknown;
}

export const keepUnraisedFloor = statement<UnraisedFloor, unknown>({
  name: 'persistence.unraised-floor.keep',
  text: 'insert into unraised_floor (id, tenant_id, payload) values ($1, $2, $3) on conflict (id) do nothing',
  parameters: (p) => [p.id, p.tenantId, JSON.stringify(p.payload)],
  row: ignoredRow,
});

/** `olderThan`: seconds. Whose change was only just committed is mostly raising its floors itself. */
export const listUnraisedFloors = statement<{ limit: number; olderThan: number }, UnraisedFloor>({
  name: 'persistence.unraised-floor.list',
  text: `select id, tenant_id as "tenantId", payload from unraised_floor
    where created_at <= clock_timestamp() - make_interval(secs => $2) order by created_at, id limit $1`,
  parameters: ({ limit, olderThan }) => [limit, olderThan],
  row: z.object({ id: z.string(), tenantId: z.string(), payload: z.unknown() }),
});

export const dropUnraisedFloors = statement<{ ids: readonly string[] }, unknown>({
  name: 'persistence.unraised-floor.drop',
  text: 'delete from unraised_floor where id = any($1::uuid[])',
  parameters: ({ ids }) => [ids],
  row: ignoredRow,
});
