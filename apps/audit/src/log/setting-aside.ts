import { createHash } from 'node:crypto';
import {
  eventId,
  serviceNames,
  setAsideInOutbox,
  type EventId,
  type EventNotTaken,
  type ServiceName,
} from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { ServiceLogger } from '@signet/service';
import { z } from 'zod';

/** Of one service, between two times of telling. */
const most = 5_000;
/** Of one request. */
const atOnce = 500;

const serviceName = z.enum(serviceNames);

/**
 * Tells services what of theirs the log does not take, so that their outboxes set it aside. What is not told, for there was too much of it or nobody
 * answered, comes again by itself.
 */
export class SettingAside {
  readonly #events = new Map<ServiceName, Map<EventId, EventNotTaken>>();

  constructor(
    private readonly requester: Pick<Requester, 'request'>,
    private readonly logger: Pick<ServiceLogger, 'warn'>,
  ) {}

  /**
   * NATS has held the name in the subject to be its sender's. False where its service is not told of it: no outbox of ours can have it, or there was
   * too much.
   */
  add({ subject, id, leaf, reason }: { subject: string; id: string; leaf: Uint8Array; reason: string }): boolean {
    const service = serviceName.safeParse(subject.split('.')[4]);
    const own = eventId.safeParse(id);
    if (!service.success || !own.success) return false;
    const events = this.#events.get(service.data) ?? new Map<EventId, EventNotTaken>();
    this.#events.set(service.data, events);
    const digest = createHash('sha256').update(leaf).digest('base64url');
    if (events.size >= most) return false;
    events.set(own.data, { id: own.data, digest, reason });
    return true;
  }

  /** Tells what was added since. Gives the ids of what had been set aside before for the same reason. */
  async settle(): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    const told = [...this.#events];
    this.#events.clear();
    await Promise.all(
      told.map(async ([service, events]) => {
        try {
          for (const id of await this.#tell(service, [...events.values()])) known.add(id);
        } catch (error) {
          this.logger.warn('log.not_set_aside', { service, count: events.size, error });
        }
      }),
    );
    return known;
  }

  async #tell(service: ServiceName, events: readonly EventNotTaken[]): Promise<EventId[]> {
    const known: EventId[] = [];
    for (let from = 0; from < events.length; from += atOnce) {
      const part = events.slice(from, from + atOnce);
      known.push(...((await this.requester.request(setAsideInOutbox[service], { events: part })).known ?? []));
    }
    return known;
  }
}
