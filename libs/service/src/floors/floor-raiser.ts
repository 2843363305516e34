import { floor, raiseFloors, type EventContext, type Failpoint, type Floor, type ServiceName } from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';
import {
  dropUnraisedFloors,
  keepUnraisedFloor,
  listUnraisedFloors,
  statement,
  type Database,
  type Transaction,
  type UnraisedFloor,
} from '@signet/persistence';
import { z } from 'zod';
import type { ServiceLogger } from '../observability/service-logger.js';

export interface FloorRaiserOptions {
  readonly service: ServiceName;
  readonly database: Pick<Database, 'execute'>;
  readonly requester: Pick<Requester, 'request'>;
  readonly logger: ServiceLogger;
  readonly failpoint: Failpoint | undefined;
}

const retryMilliseconds = 1_000;
/** Seconds that whoever made the change has for it. */
const othersOwn = 2;
/** Rows at a time; a row holds the floors of one event. */
const batch = 200;
/** Floors in a message, so that it stays well below what NATS carries. */
const perRequest = 500;

const payload = z.object({ floors: z.array(floor) });

const columns = 'id, tenant_id as "tenantId", payload';
const row = z.object({ id: z.string(), tenantId: z.string(), payload: z.unknown() });

const findUnraisedFloors = statement<readonly string[], UnraisedFloor>({
  name: 'service.unraised-floor.find',
  text: `select ${columns} from unraised_floor where id = any($1::uuid[])`,
  parameters: (ids) => [ids],
  row,
});

const findUnraisedOf = statement<readonly string[], UnraisedFloor>({
  name: 'service.unraised-floor.find-of-tenants',
  text: `select ${columns} from unraised_floor where tenant_id = any($1::uuid[]) order by created_at, id limit ${batch}`,
  parameters: (tenantIds) => [tenantIds],
  row,
});

/**
 * The owner's side of taking a right away: its change and the floor that token has yet to commit are one transaction; token commits it before anybody is
 * told that the right is gone; and what was not confirmed is sent again every second, by this replica or another, until it is.
 */
export class FloorRaiser {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly options: FloorRaiserOptions) {}

  /** In the transaction of the change. All floors of one raise id at once; 1,000 of them at most. */
  async add(tx: Pick<Transaction, 'execute'>, floors: readonly Floor[]): Promise<void> {
    for (const id of new Set(floors.map(({ raiseId }) => raiseId))) {
      const ofOne = floors.filter(({ raiseId }) => raiseId === id);
      const [first] = ofOne;
      if (first) await tx.execute(keepUnraisedFloor, { id, tenantId: first.tenantId, payload: { floors: ofOne } });
    }
  }

  /**
   * After the commit and before acknowledging: resolves when token has committed these floors. Throws MeshError `unavailable` where it does not say so;
   * the change stands, is raised later all the same, and the request may be repeated.
   */
  async raise(raiseIds: readonly string[]): Promise<void> {
    if (raiseIds.length === 0) return;
    await this.#raise(await this.options.database.execute(findUnraisedFloors, raiseIds)).catch(notConfirmed);
  }

  /** The same for whatever earlier changes of these tenants have left: a repeat may find nothing more to change. */
  async raiseLeftOf(tenantIds: readonly string[]): Promise<void> {
    for (;;) {
      const rows = await this.options.database.execute(findUnraisedOf, tenantIds);
      try {
        await this.#raise(rows).catch((error: unknown) => this.#raiseSingly(rows, error));
      } catch (error) {
        if (isAway(error)) throw error;
        // One that token never takes is a fault of ours, and no reason to tell everybody else to come again.
        this.options.logger.warn('floors.unraised', { error });
        return;
      }
      if (rows.length < batch) return;
    }
  }

  /** Begins with what an earlier process left. */
  start(): void {
    this.#turn(0, 0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #turn(after: number, olderThan: number = othersOwn): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#raiseLeft(olderThan).then((more) => {
        if (!this.#stopped) this.#turn(more ? 0 : retryMilliseconds, more ? olderThan : othersOwn);
      });
    }, after);
    this.#timer.unref();
  }

  /** True where there is more to do at once. */
  async #raiseLeft(olderThan: number): Promise<boolean> {
    try {
      const rows = await this.options.database.execute(listUnraisedFloors, { limit: batch, olderThan });
      if (rows.length === 0) return false;
      await this.#raise(rows).catch((error: unknown) => this.#raiseSingly(rows, error));
      this.options.logger.info('floors.raised_late', { count: rows.length });
      return rows.length === batch;
    } catch (error) {
      this.options.logger.warn('floors.unraised', { error });
      return false;
    }
  }

  /** One that token does not take must not keep back the others. */
  async #raiseSingly(rows: readonly UnraisedFloor[], error: unknown): Promise<void> {
    if (isAway(error) || rows.length === 1) throw error;
    const results = await Promise.allSettled(rows.map((row) => this.#raise([row])));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #raise(rows: readonly UnraisedFloor[]): Promise<void> {
    if (rows.length === 0) return;
    const { service, requester, database, failpoint } = this.options;
    const floors = rows.flatMap(floorsOf);
    const context: EventContext = { actor: `service:${service}` };
    for (let from = 0; from < floors.length; from += perRequest) {
      failpoint?.('before-raise', service);
      await requester.request(raiseFloors, { floors: floors.slice(from, from + perRequest), context });
      failpoint?.('after-raise', service);
    }
    await database.execute(dropUnraisedFloors, { ids: rows.map(({ id }) => id) });
  }
}

/**
 * All of each, or a fault of this row alone: of a floor that a newer version has left, this one might raise less than was meant, and forget the rest.
 * It is for a replica of that version.
 */
function floorsOf({ id, payload: given }: UnraisedFloor): readonly Floor[] {
  const { data } = payload.safeParse(given);
  if (data) return data.floors;
  throw new MeshError('internal', `the floors of ${id} are of another version`);
}

const isAway = (error: unknown): boolean =>
  !(error instanceof MeshError) || error.code === 'unavailable' || error.code === 'deadline_exceeded';

function notConfirmed(error: unknown): never {
  if (isAway(error)) throw error;
  throw new MeshError('unavailable', 'the revocation floors were not confirmed', undefined, { cause: error });
}
