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

interface NotTaken {
  readonly subject: string;
  readonly reason: (typeof reasons)[number];
  /** That it was published under; empty where it has none. */
  readonly id: string;
  /** The bytes that came. */
  readonly leaf: Uint8Array;
}

interface Refused extends Omit<NotTaken, 'leaf'> {
  /** It is kept among the dead letters. */
  readonly isLetter: boolean;
}

/** What comes again before its outbox has said that it set it aside. */
const mostRemembered = 10_000;

/**
 * What came by the event stream and cannot be in the log: counted, told to the operator, itself an event of the log, and set aside by the outbox
 * that it came out of, as is what waits there for its turn. It comes again, if rarely, also to the writer after this one: it is the outbox that knows
 * whether that is news.
 */
@Injectable()
export class RefusedEvents {
  readonly #told = new BoundedMap<string, 'recording' | 'recorded' | 'unrecorded'>(mostRemembered);
  /** Whose outbox is still to say whether it knows them. */
  #asked = new Map<string, Refused>();
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
      'What came by the event stream and was not taken into the log, by why; what its outbox had set aside before is not counted again',
      ['reason'],
    );
    for (const reason of reasons) this.#count.inc({ reason }, 0);
  }

  /** What was set aside, since it is no event at all, or none that Postgres takes. */
  buried({ data, ...refused }: Buried): void {
    this.#refuse({ ...refused, leaf: data }, true);
  }

  /** What is not taken yet, and was let go of: a version before it is missing, or a key. */
  waits({ id, subject, leaf, envelope: { aggregate, aggregateversion } }: ReceivedEvent): void {
    this.logger.warn('log.event_waits', { event: id, aggregate, version: aggregateversion });
    this.#settingAside.add({ id, subject, leaf, reason: eventWaits });
  }

  /** Returns at once: the log goes on, whatever becomes of the record. */
  tell(refused: NotTaken): void {
    this.#refuse(refused, false);
  }

  /** Tells the outboxes, and whoever is to know what is news to them. */
  async settle(): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    const known = await this.#settingAside.settle();
    for (const refused of asked.values()) this.#tell(refused, known.has(refused.id));
  }

  #refuse({ leaf, ...refused }: NotTaken, isLetter: boolean): void {
    const { subject, reason, id } = refused;
    const told = { subject, reason, id, isLetter };
    const isAsked = this.#settingAside.add({ ...refused, leaf }) && this.#asked.size < mostRemembered;
    if (isAsked) this.#asked.set(keyOf(told), told);
    else this.#tell(told, false);
  }

  #tell(refused: Refused, known: boolean): void {
    const { subject, reason, id, isLetter } = refused;
    const key = keyOf(refused);
    const told = this.#told.get(key);
    if (!known && (!told || id === '')) {
      this.logger.error('log.event_refused', { subject, reason, event: id });
      this.#count.inc({ reason });
      if (isLetter) this.#countDeadLetter();
    }
    if (told === undefined ? known : told !== 'unrecorded') return;
    this.#told.set(key, 'recording');
    this.#record(refused).then(
      () => {
        this.#told.set(key, 'recorded');
      },
      (error: unknown) => {
        this.#told.set(key, 'unrecorded');
        this.logger.warn('log.refusal_not_recorded', { error });
      },
    );
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

const keyOf = ({ subject, reason, id }: Refused): string => `${subject} ${reason} ${id}`;

const actorOf = (service: string): Actor =>
  serviceNames.some((name) => name === service) ? `service:${service}` : 'anonymous';
