import type { Database } from '@signet/persistence';
import type { ServiceLogger } from '@signet/service';
import { readRange, readSizes, type RangeRow } from '../reading/log-range.js';
import { TypeFilter } from '../reading/type-filter.js';
import { Turns } from './turns.js';

/** Entries of each tenant's end that are kept at hand, so that each is read once for all who follow it. */
const windowLength = 256;
/** Statements at once of those who read on from further back. */
const readers = 4;
/** Milliseconds between two looks, where nothing is appended in this process. */
const every = 500;

const all = new TypeFilter([]);

interface Window {
  /** Of the log, as it was last seen. */
  size: number;
  /** The last entries before `size`, without a gap. */
  rows: readonly RangeRow[];
  readonly wakes: Set<() => void>;
}

/** What somebody takes from the log next, and where the taking after that begins. */
export interface Taken {
  readonly rows: readonly RangeRow[];
  readonly next: number;
}

/** A place at the end of a tenant's log. */
export interface Following {
  /** Of the log, as it was last seen. */
  readonly size: number;
  /** From an index on, as many as `limit`; of those that the filter does not want, none. */
  take(from: number, types: TypeFilter, limit: number): Promise<Taken>;
  end(): void;
}

/** The ends of the logs that are followed in this replica: one look for all tenants, and one reading for all who follow one. */
export class LogTails {
  readonly #windows = new Map<string, Window>();
  readonly #readers = new Turns(readers);
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #blind = false;

  constructor(
    private readonly database: Pick<Database, 'execute' | 'first'>,
    private readonly logger: Pick<ServiceLogger, 'warn'>,
  ) {}

  start(): void {
    this.#timer = setInterval(() => {
      this.nudge();
    }, every);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#again = false;
    await this.#looking;
  }

  /** Something may have been appended: look at once, and once more where a look is under way. */
  nudge(): void {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    if (this.#windows.size === 0) return;
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.nudge();
    });
  }

  /** `wake` is called when the log has grown. The size is the log's at this moment. */
  async follow(tenantId: string, wake: () => void): Promise<Following> {
    const size = (await this.database.first(readSizes, { tenants: [tenantId] }))?.size ?? 0;
    let window = this.#windows.get(tenantId);
    if (!window) this.#windows.set(tenantId, (window = { size, rows: [], wakes: new Set() }));
    const { wakes } = window;
    const followed = window;
    wakes.add(wake);
    const end = () => {
      wakes.delete(wake);
      if (wakes.size === 0 && this.#windows.get(tenantId) === followed) this.#windows.delete(tenantId);
    };
    try {
      // A window of others may be older than the size that was just read.
      await this.#grow(tenantId, size);
    } catch (error) {
      end();
      throw error;
    }
    return {
      get size() {
        return followed.size;
      },
      take: (from, types, limit) => this.#take(tenantId, followed, from, types, limit),
      end,
    };
  }

  async #take(tenantId: string, window: Window, from: number, types: TypeFilter, limit: number): Promise<Taken> {
    const { size, rows } = window;
    const first = rows[0]?.index;
    if (first !== undefined && from >= first) {
      const wanted = rows.slice(from - first, from - first + limit);
      return {
        rows: wanted.filter(({ type }) => types.matches(type)),
        next: Math.max(from, Math.min(from + limit, size)),
      };
    }
    const read = await this.#readers.take(() =>
      this.database.execute(readRange, { tenantId, from, upTo: Math.min(from + stride, size), types, limit }),
    );
    const last = read.at(-1)?.index;
    const isWhole = read.length < limit || last === undefined;
    return { rows: read, next: isWhole ? Math.max(from, Math.min(from + stride, size)) : last + 1 };
  }

  async #look(): Promise<void> {
    try {
      const sizes = await this.database.execute(readSizes, { tenants: [...this.#windows.keys()] });
      for (const { tenantId, size } of sizes) await this.#grow(tenantId, size);
      this.#blind = false;
    } catch (error) {
      // Told when an outage begins, not each half second of it.
      if (!this.#blind) this.logger.warn('log_tails.unread', { error });
      this.#blind = true;
    }
  }

  async #grow(tenantId: string, size: number): Promise<void> {
    const window = this.#windows.get(tenantId);
    if (!window || size <= window.size) return;
    const { size: before, rows } = window;
    const from = Math.max(before, size - windowLength);
    const added = await this.database.execute(readRange, {
      ...{ tenantId, from, upTo: size },
      types: all,
      limit: windowLength,
    });
    // Somebody else may have grown it meanwhile, and further.
    if (size <= window.size) return;
    const kept = [...(from === before ? rows : []), ...added].slice(-windowLength);
    const isGapless = kept.every(({ index }, place) => index === size - kept.length + place);
    Object.assign(window, { size, rows: isGapless ? kept : [] });
    for (const wake of [...window.wakes]) wake();
  }
}

/** Indices that one statement looks at: what is wanted may be rare and the log long. */
const stride = 20_000;
