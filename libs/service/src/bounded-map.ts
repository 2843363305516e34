/**
 * A map of at most `most` entries, which forgets what was least recently used. Takes memory for what it holds: caches that set aside their full size at
 * the start cost five services half a second of it.
 */
export class BoundedMap<K, V> {
  /** A Map iterates in the order of insertion, so the first key is the one that was used longest ago. */
  readonly #entries = new Map<K, V>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Without counting as a use. */
  peek(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.most) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** The least recently used first. */
  entries(): readonly (readonly [K, V])[] {
    return [...this.#entries];
  }
}
