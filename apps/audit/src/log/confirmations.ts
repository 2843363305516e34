import { confirmOutbox, eventId, serviceNames, type EventId, type ServiceName } from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import { statement, type Database } from '@signet/persistence';
import type { ServiceLogger } from '@signet/service';
import { z } from 'zod';

/** Ids that are remembered of one service; beyond them, what is not confirmed comes again by itself. */
const most = 50_000;
/** Of one request. */
const atOnce = 1_000;
/** Entries that a writer before this one may have appended and not confirmed: more than it had under way. */
const recent = 1_000;

/** The last entries of the log, and whose events they are. */
const findRecent = statement<{ limit: number }, { id: string; service: string }>({
  name: 'audit.entry.find-recent',
  text: `select id, split_part(subject, '.', 5) as service from entry where ordinal > (select ordinal from writer) - $1::bigint`,
  parameters: ({ limit }) => [limit],
  row: z.object({ id: z.string(), service: z.string() }),
});

/** A foreign id or name would have the whole confirmation refused. */
const ours = z.object({ id: eventId, service: z.enum(serviceNames) });

/**
 * Tells services what of theirs the log has, so that their outboxes let go of it. What could not be told is owed and told again: an event
 * that nobody confirms comes again by itself, and stays in its outbox until then.
 */
export class Confirmations {
  readonly #owed = new Map<ServiceName, Set<EventId>>(serviceNames.map((name) => [name, new Set()]));

  constructor(
    private readonly requester: Requester,
    private readonly database: Pick<Database, 'execute'>,
    private readonly logger: ServiceLogger,
  ) {}

  async tell(confirmed: ReadonlyMap<ServiceName, readonly EventId[]>): Promise<void> {
    await Promise.all(
      [...confirmed].map(async ([service, ids]) => {
        try {
          await this.confirm(service, ids);
          return;
        } catch (error) {
          this.logger.warn('log.not_confirmed', { service, count: ids.length, error });
        }
        const owed = this.owedTo(service);
        for (const id of ids) if (owed.size < most) owed.add(id);
      }),
    );
  }

  /** What the writer before this one may have owed. */
  async takeOver(): Promise<void> {
    for (const entry of await this.database.execute(findRecent, { limit: recent })) {
      const known = ours.safeParse(entry);
      if (known.success) this.owedTo(known.data.service).add(known.data.id);
    }
  }

  /** Tells what is owed. A service that does not answer is left until the next time. */
  async settle(): Promise<void> {
    await Promise.allSettled(
      [...this.#owed].map(async ([service, owed]) => {
        while (owed.size > 0) {
          const ids = [...owed].slice(0, atOnce);
          await this.confirm(service, ids);
          for (const id of ids) owed.delete(id);
        }
      }),
    );
  }

  private owedTo(service: ServiceName): Set<EventId> {
    const owed = this.#owed.get(service);
    if (!owed) throw new TypeError(service);
    return owed;
  }

  private async confirm(service: ServiceName, ids: readonly EventId[]): Promise<void> {
    await this.requester.request(confirmOutbox[service], { ids: [...ids] });
  }
}
