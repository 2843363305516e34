import { randomInt } from 'node:crypto';
import {
  assembleEvent,
  eventId,
  newIdAt,
  rfc3339,
  type EventDefinition,
  type EventId,
  type EventInput,
  type Micros,
  type RecordedEvent,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { callContext } from '@signet/messaging';
import type { z } from 'zod';
import { sealPersonalPart } from './personal-part.js';

/** A first sequence number leaves room above it for all of its millisecond. */
const firstBelow = 2 ** 30;

/** Makes events ready to be recorded: with their id, Postgres' time, the trace that they happen in, and the personal part sealed. */
export class EventFactory {
  /** Of the last id. */
  #at = { milliseconds: 0, sequence: 0 };

  constructor(
    private readonly keyring: Keyring,
    private readonly clock: { now(): Micros },
  ) {}

  /** Throws for data that its definition refuses, which is a bug, and ClockUnknown while Postgres' time is not known. */
  make<D extends z.ZodType, P extends z.ZodType>(
    definition: EventDefinition<D, P>,
    input: EventInput<z.input<D>, z.input<P>>,
  ): RecordedEvent {
    const now = this.clock.now();
    return assembleEvent(definition, input, {
      id: this.#idAt(Math.floor(now / 1_000)),
      time: rfc3339(now),
      traceparent: callContext.getStore()?.traceparent,
      seal: (personal, id) => sealPersonalPart(this.keyring, personal, id),
    });
  }

  /** An event's id says the same time as the event, so that the log is asked for times by ids; one process' ids rise within it. */
  #idAt(milliseconds: number): EventId {
    const sequence = milliseconds === this.#at.milliseconds ? this.#at.sequence + 1 : randomInt(firstBelow);
    this.#at = { milliseconds, sequence };
    return newIdAt(eventId, milliseconds, sequence);
  }
}
