import type { Database } from '@signet/persistence';
import { BoundedMap } from '@signet/service';
import { SharedWork } from './shared-work.js';
import { listSize } from './status-list.js';
import { leasedIndices } from './store/lease-indices.js';

/** Milliseconds for which numbers are refused by what was read. A tenant does not begin two lists in them. */
const freshFor = 1_000;
const heldTenants = 1_000;

interface Begun {
  readonly at: number;
  readonly lists: number;
}

/** How many lists each tenant has begun: numbers beyond cost nobody more than a look at this. */
export class BegunLists {
  readonly #held = new BoundedMap<string, Begun>(heldTenants);
  readonly #reads: SharedWork<Begun>;

  constructor(private readonly deps: { readonly database: Pick<Database, 'first'>; readonly monotonic: () => number }) {
    this.#reads = new SharedWork({ atOnce: 2, monotonic: deps.monotonic });
  }

  /** Rejects where Postgres does not say. */
  async has(tenantId: string, number: number): Promise<boolean> {
    const held = this.#held.get(tenantId);
    if (held !== undefined) {
      // Those that have begun stay so.
      if (number < held.lists) return true;
      // The very next one may have begun since.
      if (number > held.lists && this.deps.monotonic() - held.at < freshFor) return false;
    }
    const { lists } = await this.#reads.join(tenantId, 0, () => this.#read(tenantId));
    return number < lists;
  }

  async #read(tenantId: string): Promise<Begun> {
    const at = this.deps.monotonic();
    const leased = (await this.deps.database.first(leasedIndices, { tenantId })) ?? 0;
    const begun = { at, lists: Math.ceil(leased / listSize) };
    this.#held.set(tenantId, begun);
    return begun;
  }
}
