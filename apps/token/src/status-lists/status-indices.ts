import { randomInt } from 'node:crypto';
import type { Database } from '@signet/persistence';
import { leaseIndices } from './store/lease-indices.js';

/** A lease is a statement that one token in so many pays. */
export const blockSize = 1_000;

/**
 * Indices of status lists, leased from Postgres a block at a time; those that a replica has not used when it ends are never used. No two
 * tokens get the same.
 */
export class StatusIndices {
  readonly #free = new Map<string, number[]>();
  readonly #leasing = new Map<string, Promise<void>>();

  constructor(private readonly database: Pick<Database, 'first'>) {}

  /** Rejects with DatabaseUnavailable where a new block is wanted and cannot be had. */
  async take(tenantId: string): Promise<number> {
    for (;;) {
      const index = drawn(this.#free.get(tenantId));
      if (index !== undefined) return index;
      await this.#lease(tenantId);
    }
  }

  /** Of what was taken and, for certain, given to no token. */
  giveBack(tenantId: string, index: number): void {
    this.#free.get(tenantId)?.push(index);
  }

  #lease(tenantId: string): Promise<void> {
    const underWay = this.#leasing.get(tenantId);
    if (underWay !== undefined) return underWay;
    const leasing = this.#block(tenantId).finally(() => this.#leasing.delete(tenantId));
    this.#leasing.set(tenantId, leasing);
    return leasing;
  }

  async #block(tenantId: string): Promise<void> {
    const leased = await this.database.first(leaseIndices, { tenantId, size: blockSize });
    if (leased === undefined) throw new TypeError('a lease gives a row');
    const block = Array.from({ length: blockSize }, (_, offset) => leased.first + offset);
    this.#free.set(tenantId, [...(this.#free.get(tenantId) ?? []), ...block]);
  }
}

/** draft-ietf-oauth-status-list section 12.4: indices at random, so that they do not tell in which order tokens were issued. */
function drawn(free: number[] | undefined): number | undefined {
  const last = free?.pop();
  if (free === undefined || last === undefined || free.length === 0) return last;
  const at = randomInt(free.length + 1);
  if (at === free.length) return last;
  const chosen = free[at];
  free[at] = last;
  return chosen;
}
