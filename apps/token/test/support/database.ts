import {
  assembleEvent,
  eventId,
  newId,
  rfc3339,
  type EventDefinition,
  type EventInput,
  type RecordedEvent,
} from '@signet/contracts';
import type { Database } from '@signet/persistence';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import type { z } from 'zod';
import { migrations } from '../../src/migrations/index.js';
import { unrecorded } from './unrecorded.js';

export interface StoreDatabase {
  readonly suite: SuiteDatabase;
  readonly database: Database;
  /** Another replica's pool. */
  open(): Promise<Database>;
  event<D extends z.ZodType, P extends z.ZodType>(
    definition: EventDefinition<D, P>,
    input: Omit<EventInput<z.input<D>, z.input<P>>, 'context'>,
  ): RecordedEvent;
  /** Leaves in the outbox of one aggregate, in the order of their versions. */
  recorded(aggregate: string): Promise<{ type: string; aggregateversion: number; data: Record<string, unknown> }[]>;
  stop(): Promise<void>;
}

/** Token's schema on a database of its own, as its statements see it. */
export async function storeDatabase(): Promise<StoreDatabase> {
  const suite = await suiteDatabase({ services: { token: migrations }, unrecorded });
  const opened: Database[] = [];
  const open = async (): Promise<Database> => {
    const database = await suite.open('token');
    opened.push(database);
    return database;
  };
  const database = await open();
  return {
    suite,
    database,
    open,
    event: (definition, input) =>
      assembleEvent(
        definition,
        { ...input, context: { actor: 'client:shop' } },
        {
          id: newId(eventId),
          time: rfc3339(database.now()),
          traceparent: undefined,
          seal: () => ({ sealed: new Uint8Array(), digest: 'd' }),
        },
      ),
    recorded: async (aggregate) => {
      const rows = await suite.query<{ leaf: Buffer }>(
        'select leaf from token.outbox where aggregate = $1 order by aggregate_version',
        [aggregate],
      );
      return rows.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as never);
    },
    stop: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await suite.drop();
    },
  };
}
