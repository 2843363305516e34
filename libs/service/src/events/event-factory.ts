import {
  assembleEvent,
  rfc3339,
  type EventDefinition,
  type EventInput,
  type Micros,
  type RecordedEvent,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { callContext } from '@signet/messaging';
import type { z } from 'zod';
import { EventIds } from './event-ids.js';
import { sealPersonalPart } from './personal-part.js';

/** Makes events ready to be recorded: with their id, Postgres' time, the trace that they happen in, and the personal part sealed. */
export class EventFactory {
  readonly #ids = new EventIds();

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
      id: this.#ids.next(Math.floor(now / 1_000)),
      time: rfc3339(now),
      traceparent: callContext.getStore()?.traceparent,
      seal: (personal, id) => sealPersonalPart(this.keyring, personal, id),
    });
  }
}
