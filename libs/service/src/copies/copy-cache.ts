import { copyFreshFor, copyServesFor } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { BoundedMap } from '../bounded-map.js';

export type CopyUse = 'fresh' | 'read' | 'shared' | 'stale' | 'unavailable';

/** Of revocation floors; undefined where none stands. The first is of the object itself. */
export type MinVersions = readonly (number | undefined)[];

export interface CopyCacheOptions<T> {
  /** Reads the original; undefined where there is none. Throws MeshError. Runs for all who wait for it, in nobody's context. */
  readonly read: (key: string) => Promise<T | undefined>;
  /** Its versions, each held against the minimum in its place. */
  readonly versionsOf: (value: T) => readonly number[];
  /** Copies kept. */
  readonly most: number;
  readonly onUse: (use: CopyUse) => void;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

interface Copy<T> {
  readonly value: T | undefined;
  /** When its reading began. */
  readonly readAt: number;
  /** A change was told of since. */
  outdated: boolean;
}

/** Milliseconds. */
const times = {
  fresh: copyFreshFor * 1_000,
  serves: copyServesFor * 1_000,
  absence: 5_000,
  /** For which nobody asks again for a copy that could not be read anew. */
  pause: 1_000,
} as const;

/** They live for seconds, and a real one costs one reading when it is forgotten. */
const mostAbsences = 1_000;

/** Copies of another service's objects, by key. Fresh ones cost nothing; old ones serve while their owner is away. */
export class CopyCache<T> {
  readonly #copies: BoundedMap<string, Copy<T>>;
  /** Apart, since anybody can ask for names that are nobody's: they would push out the copies of what there is. */
  readonly #absences: BoundedMap<string, Copy<T>>;
  readonly #reading = new Map<string, Reading<T>>();
  readonly #failed: BoundedMap<string, { at: number; error: unknown }>;

  constructor(private readonly options: CopyCacheOptions<T>) {
    this.#copies = new BoundedMap(options.most);
    this.#absences = new BoundedMap(Math.min(options.most, mostAbsences));
    this.#failed = new BoundedMap(options.most);
  }

  get size(): number {
    return this.#copies.size;
  }

  /**
   * The object, or undefined where there is none. Never older than any of `minVersions`. Throws MeshError `unavailable` where it can neither be read nor is
   * there a copy of the last hour that will do.
   */
  async get(key: string, minVersions: MinVersions = []): Promise<T | undefined> {
    const copy = this.#copies.get(key) ?? this.#absences.get(key);
    const usable = copy && this.#satisfies(copy.value, minVersions) ? copy : undefined;
    if (usable && this.#isFresh(usable)) {
      this.options.onUse('fresh');
      return usable.value;
    }
    try {
      const value = await this.#read(key, usable !== undefined);
      // Its owner has that version committed, so an answer before it is of another time.
      if (value !== undefined && !this.#satisfies(value, minVersions))
        throw new MeshError('unavailable', 'the copy is older than it must be');
      return value;
    } catch (error) {
      if (usable?.value !== undefined && this.#age(usable) <= times.serves) {
        this.options.onUse('stale');
        return usable.value;
      }
      this.options.onUse('unavailable');
      throw asUnavailable(error);
    }
  }

  /** The next use reads anew; until that succeeds, the copy serves. */
  outdate(key: string): void {
    const copy = this.#known(key);
    if (copy) copy.outdated = true;
    // The answer to a reading that is under way may be from before the change: it serves those who wait, and nobody after them.
    const reading = this.#reading.get(key);
    if (reading) reading.outdated = true;
    this.#reading.delete(key);
    this.#failed.delete(key);
  }

  /** Outdates every copy that `matches`. Walks through all of them. */
  outdateWhere(matches: (key: string, value: T | undefined) => boolean): void {
    for (const key of [...this.#reading.keys()]) if (matches(key, undefined)) this.outdate(key);
    for (const copies of [this.#copies, this.#absences])
      for (const [key, copy] of copies.entries()) if (matches(key, copy.value)) this.outdate(key);
  }

  async #read(key: string, hasCopy: boolean): Promise<T | undefined> {
    const failed = this.#failed.get(key);
    if (hasCopy && failed && this.options.monotonic() - failed.at < times.pause) throw failed.error;
    const shared = this.#reading.get(key);
    if (shared) {
      this.options.onUse('shared');
      return shared.answer;
    }
    this.options.onUse('read');
    const reading: Reading<T> = { outdated: false, answer: this.options.read(key) };
    const readAt = this.options.monotonic();
    this.#reading.set(key, reading);
    try {
      const value = await reading.answer;
      if ((this.#known(key)?.readAt ?? 0) <= readAt) this.#keep(key, { value, readAt, outdated: reading.outdated });
      this.#failed.delete(key);
      return value;
    } catch (error) {
      this.#failed.set(key, { at: this.options.monotonic(), error });
      throw error;
    } finally {
      if (this.#reading.get(key) === reading) this.#reading.delete(key);
    }
  }

  #known(key: string): Copy<T> | undefined {
    return this.#copies.peek(key) ?? this.#absences.peek(key);
  }

  #keep(key: string, copy: Copy<T>): void {
    const [its, other] = copy.value === undefined ? [this.#absences, this.#copies] : [this.#copies, this.#absences];
    other.delete(key);
    its.set(key, copy);
  }

  /** Absence has no version: an object that is named by a version of its own is there, whatever a copy says. */
  #satisfies(value: T | undefined, minVersions: MinVersions): boolean {
    if (value === undefined) return (minVersions[0] ?? 0) === 0;
    const versions = this.options.versionsOf(value);
    return minVersions.every((least = 0, index) => (versions[index] ?? 0) >= least);
  }

  #isFresh(copy: Copy<T>): boolean {
    return !copy.outdated && this.#age(copy) <= (copy.value === undefined ? times.absence : times.fresh);
  }

  #age(copy: Copy<T>): number {
    return this.options.monotonic() - copy.readAt;
  }
}

interface Reading<T> {
  readonly answer: Promise<T | undefined>;
  /** A change was told of after it began. */
  outdated: boolean;
}

function asUnavailable(error: unknown): unknown {
  if (!(error instanceof MeshError) || error.code === 'unavailable') return error;
  return new MeshError('unavailable', 'no copy, and its owner does not answer', undefined, { cause: error });
}
