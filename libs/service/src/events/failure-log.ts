import {
  rfc3339,
  type EventDefinition,
  type EventInput,
  type Micros,
  type Network,
  type RecordedEvent,
  type signInFailuresSummarised,
  type TenantId,
} from '@signet/contracts';
import type { z } from 'zod';
import { networkKey } from '../limits/network-key.js';
import type { ServiceLogger } from '../observability/service-logger.js';
import type { EventFactory } from './event-factory.js';

/** An event that stands for many: how many, from when, to when. */
export type SummaryDefinition = typeof signInFailuresSummarised;

export interface FailureLogOptions {
  readonly record: (event: RecordedEvent) => Promise<void>;
  readonly events: EventFactory;
  readonly clock: { now(): Micros };
  readonly logger: ServiceLogger;
}

interface Window {
  readonly summary: SummaryDefinition;
  readonly tenantId: TenantId;
  readonly reason: string | undefined;
  readonly network: Network | undefined;
  from: Micros;
  to: Micros;
  recorded: number;
  /** Beyond those that were recorded one by one. */
  counted: number;
}

const oneByOne = 10;
const windowMilliseconds = 60_000;
/** An attacker with more networks than this shares one window per tenant and reason. */
const mostWindows = 10_000;

/**
 * Records refusals that anybody can bring about: up to ten a minute per tenant, reason and network one by one, what is beyond them as one summary with
 * the exact count when the minute is over. A crash loses at most the counts of its last minute.
 */
export class FailureLog {
  #windows = new Map<string, Window>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: FailureLogOptions) {}

  /** Resolves when the event is committed, or at once where it is only counted. Rejects as recording does. */
  async record<D extends z.ZodType, P extends z.ZodType>(
    definition: EventDefinition<D, P>,
    summary: SummaryDefinition,
    input: EventInput<z.input<D>, z.input<P>>,
  ): Promise<void> {
    const window = this.#windowOf(definition.type, summary, input);
    window.to = this.options.clock.now();
    if (window.recorded >= oneByOne) {
      window.counted++;
      return;
    }
    window.recorded++;
    await this.options.record(this.options.events.make(definition, input));
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), windowMilliseconds);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Ends the minute: records the summaries. One that cannot be recorded goes on counting. */
  async flush(): Promise<void> {
    const ended = [...this.#windows].filter(([, { counted }]) => counted > 0);
    this.#windows = new Map();
    await Promise.all(ended.map(([key, window]) => this.#summarise(key, window)));
  }

  async #summarise(key: string, window: Window): Promise<void> {
    const { summary, tenantId, reason, network, counted, from, to } = window;
    try {
      await this.options.record(
        this.options.events.make(summary, {
          tenantId,
          context: { actor: 'anonymous', ...(network && { network }) },
          data: { count: counted, from: rfc3339(from), to: rfc3339(to) },
          ...(reason !== undefined && { reason }),
        }),
      );
    } catch (error) {
      this.options.logger.warn('failures.not_summarised', { error });
      const next = this.#windows.get(key);
      if (next) {
        next.counted += counted;
        next.from = from;
      } else this.#windows.set(key, window);
    }
  }

  #windowOf(type: string, summary: SummaryDefinition, input: EventInput<unknown, unknown>): Window {
    const { tenantId, reason, context } = input;
    const ip = networkKey(context.network?.ip ?? '');
    const shared = [type, tenantId, reason ?? ''].join('\n');
    const own = `${shared}\n${ip}`;
    const key = this.#windows.has(own) || this.#windows.size < mostWindows ? own : shared;
    let window = this.#windows.get(key);
    if (!window) {
      const from = this.options.clock.now();
      const network = key === own ? { ip, userAgent: '' } : undefined;
      window = { summary, tenantId, reason, network, from, to: from, recorded: 0, counted: 0 };
      this.#windows.set(key, window);
    }
    return window;
  }
}
