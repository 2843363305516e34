import { assembleEvent, rfc3339 } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { EventFactory } from './event-factory.js';
import { EventIds } from './event-ids.js';

/** Events of what an operator does at a database itself, without a keyring: they have no personal part. */
export function operatorEvents(database: Pick<Database, 'now'>): Pick<EventFactory, 'make'> {
  const ids = new EventIds();
  return {
    make: (definition, input) => {
      const now = database.now();
      return assembleEvent(definition, input, {
        id: ids.next(Math.floor(now / 1_000)),
        time: rfc3339(now),
        traceparent: undefined,
        seal: () => {
          throw new TypeError('what an operator does has no personal part');
        },
      });
    },
  };
}
