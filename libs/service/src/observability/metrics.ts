import type { ServiceName } from '@signet/contracts';
import type { EventConsumerOptions } from '@signet/messaging';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * A service's own registry. Label values come from our own source alone, never from a request. What an alert looks for the increase of is there at 0:
 * a series that begins at 1 has none.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly build = new Gauge({
    name: 'signet_build_info',
    help: 'Always 1; the version of Signet that runs',
    labelNames: ['version'],
    registers: [this.registry],
  });

  readonly statements = new Counter({
    name: 'signet_database_statements_total',
    help: 'Round trips to Postgres, by statement',
    labelNames: ['statement'],
    registers: [this.registry],
  });

  readonly requestsSent = new Counter({
    name: 'signet_requests_sent_total',
    help: 'Messages sent to other services, by subject',
    labelNames: ['subject'],
    registers: [this.registry],
  });

  readonly requesting = new Histogram({
    name: 'signet_request_sending_seconds',
    help: 'Time until another service answered, by subject and outcome',
    labelNames: ['subject', 'code'],
    buckets: seconds,
    registers: [this.registry],
  });

  readonly requestsServed = new Counter({
    name: 'signet_requests_served_total',
    help: 'Requests of other services answered, by subject and outcome',
    labelNames: ['subject', 'code'],
    registers: [this.registry],
  });

  readonly serving = new Histogram({
    name: 'signet_request_serving_seconds',
    help: 'Time to answer a request of another service',
    labelNames: ['subject'],
    buckets: seconds,
    registers: [this.registry],
  });

  readonly http = new Histogram({
    name: 'signet_http_request_seconds',
    help: 'HTTP requests by route pattern, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: seconds,
    registers: [this.registry],
  });

  readonly eventsPublished = new Counter({
    name: 'signet_outbox_published_total',
    help: 'Events handed to the stream, repeats included',
    registers: [this.registry],
  });

  readonly natsDenied = new Counter({
    name: 'signet_nats_denied_total',
    help: 'What NATS did not allow the service to publish or to subscribe to; never, unless somebody else uses its password',
    labelNames: ['operation'],
    registers: [this.registry],
  });

  readonly rateLimited = new Counter({
    name: 'signet_rate_limited_total',
    help: 'Requests refused with 429, by the bucket that was empty',
    labelNames: ['bucket'],
    registers: [this.registry],
  });

  readonly copies = new Counter({
    name: 'signet_directory_copies_total',
    help: 'Uses of copies of directory objects: fresh, read, shared, stale (directory away), unavailable',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });

  readonly connectionWaits = new Histogram({
    name: 'signet_database_connection_wait_seconds',
    help: 'Time that a statement or a transaction waited for its connection to Postgres',
    buckets: seconds,
    registers: [this.registry],
  });

  readonly #consumed = new Counter({
    name: 'signet_consumer_events_total',
    help: 'Events that consumers of the stream were given, by what became of them: applied, later, not_storable, failed; repeats included',
    labelNames: ['consumer', 'outcome'],
    registers: [this.registry],
  });

  readonly #pending = new Gauge({
    name: 'signet_consumer_pending',
    help: 'Events that the stream held for a consumer behind the last batch that it took',
    labelNames: ['consumer'],
    registers: [this.registry],
  });

  readonly #deadLetters = new Counter({
    name: 'signet_dead_letters_total',
    help: 'Messages of the stream that were no event, and were set aside, by consumer',
    labelNames: ['consumer'],
    registers: [this.registry],
  });

  constructor(service: ServiceName) {
    this.registry.setDefaultLabels({ service });
    for (const operation of ['publish', 'subscription'] as const) this.natsDenied.inc({ operation }, 0);
  }

  /** For an EventConsumer, by a name of ours. */
  ofConsumer(consumer: string): Required<Pick<EventConsumerOptions, 'onSettled'>> {
    return {
      onSettled: (outcomes, pending) => {
        for (const outcome of outcomes) this.#consumed.inc({ consumer, outcome });
        this.#pending.set({ consumer }, pending);
      },
    };
  }

  /** What counts the dead letters of a consumer, by the name that they are kept under; to be asked for before there can be one. */
  deadLettersOf(consumer: string): () => void {
    this.#deadLetters.inc({ consumer }, 0);
    return () => {
      this.#deadLetters.inc({ consumer });
    };
  }

  histogram<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: seconds, registers: [this.registry] });
  }

  /** A gauge whose value is asked for at each scrape, and is at hand: a scrape is wanted most while Postgres is away. Not there while it is undefined. */
  gauge(name: string, help: string, read: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
