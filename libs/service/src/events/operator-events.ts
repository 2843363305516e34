import { assembleEvent, eventId, newId, rfc3339 } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { EventFactory } from './event-factory.js';

/** Events of what an operator does at a database itself, without a keyring: they have no personal part. */
export function operatorEvents(database: Pick<Database, 'now'>): Pick<EventFactory, 'make'> {
  return {
    make: (definition, input) =>
      assembleEvent(definition, input, {
        id: newId(eventId),
        time: rfc3339(database.now()),
        traceparent: undefined,
        seal: () => {
          throw new TypeError('what an operator does has no personal part');
        },
      }),
  };
}
