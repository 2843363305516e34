import { Injectable } from '@nestjs/common';
import {
  clean,
  eventRefusalsSummarised,
  eventRefused,
  eventWaits,
  findTenant,
  serviceNames,
  tenantId,
  type Actor,
  type TenantId,
} from '@signet/contracts';
import { refusals, Requester, type Buried, type ReceivedEvent } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { BoundedMap, FailureLog, Metrics, ServiceLogger } from '@signet/service';
import { hasLog } from './log-statements.js';
import { SettingAside } from './setting-aside.js';

/** `version_taken`: another event has its place among those of its aggregate. */
const reasons = [...refusals, 'version_taken'] as const;

interface Refused {
  readonly subject: string;
  readonly reason: (typeof reasons)[number];
  /** That it was published under; empty where it has none. */
  readonly id: string;
  /** The bytes that came. */
  readonly leaf: Uint8Array;
}

/** What is not confirmed comes again, if rarely; it is counted and recorded once. */
const mostRemembered = 10_000;

/**
 * What came by the event stream and cannot be in the log: counted, told to the operator, itself an event of the log, and set aside by the outbox
 * that it came out of, as is what waits there for its turn.
 */
@Injectable()
export class RefusedEvents {
  readonly #told = new BoundedMap<string, true>(mostRemembered);
  readonly #count: { inc(labels: { reason: string }, by?: number): void };
  readonly #countDeadLetter: () => void;
  readonly #settingAside: SettingAside;

  constructor(
    private readonly database: Database,
    private readonly requester: Requester,
    private readonly failures: FailureLog,
    private readonly logger: ServiceLogger,
    metrics: Metrics,
  ) {
    this.#countDeadLetter = metrics.deadLettersOf('audit');
    this.#settingAside = new SettingAside(requester, logger);
    this.#count = metrics.counter(
      'signet_audit_events_refused_total',
      'What came by the event stream and was not taken into the log, by why; what comes again is counted once',
      ['reason'],
    );
    for (const reason of reasons) this.#count.inc({ reason }, 0);
  }

  /** What was set aside, since it is no event at all, or none that Postgres takes. */
  buried({ data, ...refused }: Buried): void {
    this.#countDeadLetter();
    this.tell({ ...refused, leaf: data });
  }

  /** What is not taken yet, and was let go of: a version before it is missing, or a key. */
  waits({ id, subject, leaf, envelope: { aggregate, aggregateversion } }: ReceivedEvent): void {
    this.logger.warn('log.event_waits', { event: id, aggregate, version: aggregateversion });
    this.#settingAside.add({ id, subject, leaf, reason: eventWaits });
  }

  /** Tells the outboxes. */
  settle(): Promise<void> {
    return this.#settingAside.settle();
  }

  /** Returns at once: the log goes on, whatever becomes of the record. */
  tell(refused: Refused): void {
    const { subject, reason, id } = refused;
    this.logger.error('log.event_refused', { subject, reason, event: id });
    this.#settingAside.add(refused);
    const key = `${subject} ${reason} ${id}`;
    const told = this.#told.get(key);
    if (!told || id === '') this.#count.inc({ reason });
    if (told) return;
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
