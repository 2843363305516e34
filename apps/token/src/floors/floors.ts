import type { DeadBy, Micros } from '@signet/contracts';
import { deadBy, keysOf, type FloorLookup, type Standing } from './dead.js';
import { FloorIndex, type FloorRow } from './floor-index.js';

/** What one poll read. `began`: Postgres' time before the snapshot that the rows come of. */
export interface FloorPoll {
  readonly began: Micros;
  readonly rows: readonly FloorRow[];
}

/** Token's own table, as the poll and the overflow ask it. */
export interface FloorReader {
  /** What was committed or re-dated at or after `since`, or within the memory's reach where there is none; at most `limit`. */
  poll(since: Micros | undefined, limit: number): Promise<FloorPoll>;
  /** The floors that stand over these. */
  find(tenantId: string, keys: readonly (readonly [kind: string, key: string])[]): Promise<readonly FloorRow[]>;
}

export interface FloorsOptions {
  readonly reader: FloorReader;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
  readonly ceiling?: number;
  /** Told of a floor that a poll found, and this replica did not know: seconds from its commit to the reading of it. */
  readonly onSeen?: (seconds: number) => void;
}

type VersionKind = 'client_version' | 'account_version' | 'tenant_version' | 'authority_version';

const freshFor = 800;
const overlap = 30_000;
const reloadAfter = 30_000;
/** Longest life of an access token and a minute: a floor older than that finds none of those that it was raised against. */
export const reach = 3_660_000;
const overflowLasts = 60_000;
const forgetEvery = 60_000;

/**
 * The revocation floors as this replica knows them (design section 5.1): its own table read every 250 ms, and before a request
 * that comes over 800 ms after the last good poll began. All methods reject where that fails. They decide about what is out
 * already; whether anything may be issued on a person's grant, the statements that issue decide.
 */
export class Floors {
  readonly #index = new FloorIndex();
  readonly #reader: FloorReader;
  readonly #monotonic: () => number;
  readonly #ceiling: number;
  readonly #onSeen: FloorsOptions['onSeen'];
  #good: { readonly began: Micros; readonly sentAt: number } | undefined;
  #polling: { readonly sentAt: number; readonly done: Promise<void> } | undefined;
  #waiting: Promise<void> | undefined;
  #overflowedAt: number | undefined;
  #forgotAt = 0;

  constructor(options: FloorsOptions) {
    this.#reader = options.reader;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#ceiling = options.ceiling ?? 500_000;
    this.#onSeen = options.onSeen;
  }

  /** Seconds since the last good poll began, infinite before the first. */
  get age(): number {
    return this.#good === undefined ? Infinity : (this.#monotonic() - this.#good.sentAt) / 1_000;
  }

  /** The kind of the floor that ended it, or undefined: it lives. */
  async deadBy(standing: Standing): Promise<DeadBy | undefined> {
    await this.#fresh();
    if (this.#overflowedAt === undefined) return deadBy(standing, this.#index.lookup);
    return deadBy(standing, await this.#asked(standing));
  }

  /** Copies of the object that are older than this may not be used. */
  async minVersion(tenantId: string, kind: VersionKind, key: string): Promise<number | undefined> {
    await this.#fresh();
    if (this.#overflowedAt === undefined) return this.#index.lookup(tenantId, kind, key)?.version;
    return (await this.#reader.find(tenantId, [[kind, key]]))[0]?.version;
  }

  /** When the last good poll began: every floor that was committed before is known. */
  async since(): Promise<Micros> {
    return (await this.#fresh()).began;
  }

  /** What this replica has committed itself, so that it need not wait for its own poll. */
  apply(rows: readonly FloorRow[]): void {
    if (this.#overflowedAt !== undefined) return;
    for (const row of rows) this.#index.apply(row);
  }

  /** Reads the table once; a poll that is under way is joined. */
  async poll(): Promise<void> {
    const sentAt = this.#monotonic();
    if (this.#polling === undefined || sentAt - this.#polling.sentAt > freshFor) {
      const done = this.#read(sentAt).finally(() => {
        if (this.#polling?.done === done) this.#polling = undefined;
      });
      this.#polling = { sentAt, done };
    }
    await this.#polling.done;
  }

  /** Reads the table by a poll that begins after this call, so later than any floor that stands by now. All that ask meanwhile share it. */
  pollAnew(): Promise<void> {
    this.#waiting ??= this.#turn().then(() => {
      // Whoever asks from here on comes too late for this poll.
      this.#waiting = undefined;
      return this.poll();
    });
    return this.#waiting;
  }

  async #turn(): Promise<void> {
    while (this.#polling !== undefined) await this.#polling.done.catch(() => undefined);
  }

  async #fresh(): Promise<{ readonly began: Micros }> {
    const good = this.#good;
    if (good !== undefined && this.#monotonic() - good.sentAt <= freshFor) return good;
    await this.poll();
    if (this.#good === undefined) throw new TypeError('a good poll leaves its time');
    return this.#good;
  }

  async #read(sentAt: number): Promise<void> {
    const known = this.#good;
    const gap = known === undefined || sentAt - known.sentAt > reloadAfter;
    if (this.#overflowedAt !== undefined && sentAt - this.#overflowedAt <= overflowLasts) {
      this.#note(sentAt, await this.#reader.poll(undefined, 0));
      return;
    }
    if (gap || this.#overflowedAt !== undefined) {
      this.#reload(sentAt, await this.#reader.poll(undefined, this.#ceiling + 1));
      return;
    }
    const poll = await this.#reader.poll((known.began - overlap * 1_000) as Micros, this.#ceiling + 1);
    if (poll.began < known.began) {
      // Postgres' clock has gone back, or another server took over: what was committed lately may bear any time.
      this.#reload(sentAt, await this.#reader.poll(undefined, this.#ceiling + 1));
      return;
    }
    for (const row of poll.rows)
      // Those of the overlap are known but for their first reading.
      if (this.#index.apply(row)) this.#onSeen?.(Math.max(0, poll.began - row.changedAt) / 1_000_000);
    this.#forget(sentAt, poll.began);
    if (this.#index.size > this.#ceiling) this.#overflow(sentAt);
    this.#note(sentAt, poll);
  }

  #reload(sentAt: number, poll: FloorPoll): void {
    this.#index.clear();
    this.#overflowedAt = undefined;
    if (poll.rows.length > this.#ceiling) this.#overflow(sentAt);
    else for (const row of poll.rows) this.#index.apply(row);
    this.#note(sentAt, poll, true);
  }

  #forget(sentAt: number, began: Micros): void {
    if (sentAt - this.#forgotAt < forgetEvery) return;
    this.#forgotAt = sentAt;
    this.#index.forget((began - reach * 1_000) as Micros);
  }

  #overflow(sentAt: number): void {
    this.#overflowedAt = sentAt;
    this.#index.clear();
  }

  /** Of two polls under way, the one that was sent later says more; a reload may bear an earlier time of Postgres. */
  #note(sentAt: number, poll: FloorPoll, reloaded = false): void {
    if (reloaded || this.#good === undefined || sentAt > this.#good.sentAt) this.#good = { began: poll.began, sentAt };
  }

  async #asked(standing: Standing): Promise<FloorLookup> {
    const rows = await this.#reader.find(standing.tenantId, keysOf(standing));
    return (_tenant, kind, key) => rows.find((row) => row.kind === kind && row.key === key);
  }
}
