import { randomInt } from 'node:crypto';
import { eventId, newIdAt, type EventId } from '@signet/contracts';

/** A first sequence number leaves room above it for all of its millisecond. */
const firstBelow = 2 ** 30;

/** An event's id says the same time as the event, so that the log is asked for times by ids; those of one process rise within it. */
export class EventIds {
  /** Of the last id. */
  #at = { milliseconds: 0, sequence: 0 };

  next(milliseconds: number): EventId {
    const sequence = milliseconds === this.#at.milliseconds ? this.#at.sequence + 1 : randomInt(firstBelow);
    this.#at = { milliseconds, sequence };
    return newIdAt(eventId, milliseconds, sequence);
  }
}
