import type { ServiceName } from '@signet/contracts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A service's own registry. Label values come from our own source alone, never from a request. */
export class Metrics {
  readonly registry = new Registry();

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

  readonly deadLetters = new Counter({
    name: 'signet_dead_letters_total',
    help: 'Messages of the stream that were no event, and were set aside, by consumer',
    labelNames: ['consumer'],
    registers: [this.registry],
  });

  constructor(service: ServiceName) {
    this.registry.setDefaultLabels({ service });
  }

  /** A gauge whose value is asked for at each scrape, and is at hand: a scrape is wanted most while Postgres is away. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
