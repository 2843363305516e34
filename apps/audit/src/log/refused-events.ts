import { Injectable } from '@nestjs/common';
import {
  clean,
  eventRefusalsSummarised,
  eventRefused,
  findTenant,
  serviceNames,
  tenantId,
  type Actor,
  type TenantId,
} from '@signet/contracts';
import { refusals, Requester } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { BoundedMap, FailureLog, Metrics, ServiceLogger } from '@signet/service';
import { hasLog } from './log-statements.js';

/** `version_taken`: another event has its place among those of its aggregate. */
const reasons = [...refusals, 'version_taken'] as const;

interface Refused {
  readonly subject: string;
  readonly reason: (typeof reasons)[number];
  /** That it was published under; empty where it has none. */
  readonly id: string;
}

/** What is not confirmed comes again every 30 seconds; it is told of once. */
const mostRemembered = 10_000;

/** What came by the event stream and cannot be in the log: counted, told to the operator, and itself an event of the log. */
@Injectable()
export class RefusedEvents {
  readonly #told = new BoundedMap<string, true>(mostRemembered);
  readonly #count: { inc(labels: { reason: string }, by?: number): void };
  readonly #countDeadLetter: () => void;

  constructor(
    private readonly database: Database,
    private readonly requester: Requester,
    private readonly failures: FailureLog,
    private readonly logger: ServiceLogger,
    metrics: Metrics,
  ) {
    this.#countDeadLetter = metrics.deadLettersOf('audit');
    this.#count = metrics.counter(
      'signet_audit_events_refused_total',
      'What came by the event stream and was not taken into the log, by why; repeats included',
      ['reason'],
    );
    for (const reason of reasons) this.#count.inc({ reason }, 0);
  }

  /** What was set aside, since it is no event at all, or none that Postgres takes. */
  buried(refused: Refused): void {
    this.#countDeadLetter();
    this.tell(refused);
  }

  /** Returns at once: the log goes on, whatever becomes of the record. */
  tell(refused: Refused): void {
    const { subject, reason, id } = refused;
    this.#count.inc({ reason });
    this.logger.error('log.event_refused', { subject, reason, event: id });
    const key = `${subject} ${reason} ${id}`;
    if (this.#told.get(key)) return;
    this.#told.set(key, true);
    this.#record(refused).catch((error: unknown) => {
      this.#told.delete(key);
      this.logger.warn('log.refusal_not_recorded', { error });
    });
  }

  async #record({ subject, reason, id }: Refused): Promise<void> {
    const [, , , tenant = '', service = ''] = subject.split('.');
    await this.failures.record(eventRefused, eventRefusalsSummarised, {
      tenantId: await this.#tenant(tenant),
      context: { actor: actorOf(service) },
      data: { subject: clean(subject, 255), ...(id !== '' && { event: clean(id, 255) }) },
      reason,
    });
  }

  /** Whose name it came by, where that tenant has a log; else the default tenant, whose plane it is. */
  async #tenant(named: string): Promise<TenantId> {
    const parsed = tenantId.safeParse(named);
    if (parsed.success && (await this.database.first(hasLog, { tenantId: parsed.data }))) return parsed.data;
    return (await this.requester.request(findTenant, { slug: 'default' })).id;
  }
}

const actorOf = (service: string): Actor =>
  serviceNames.some((name) => name === service) ? `service:${service}` : 'anonymous';
