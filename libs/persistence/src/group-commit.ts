import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseUnavailable } from './errors.js';

export interface GroupCommitOptions<T> {
  /** Writes all of them in one transaction, or none. Must bear being given again what it wrote before. */
  write: (items: readonly T[]) => Promise<void>;
  /** Most items to a write. */
  most: number;
  /** Most items that may wait; beyond it `submit` fails at once. */
  waiting: number;
}

interface Entry<T> {
  item: T;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Shares one commit among concurrent writers. One write is under way at a time; what arrives meanwhile makes the next. If a
 * write of several fails through one of them, each is written alone, so that nobody fails for another's row.
 */
export class GroupCommit<T> {
  #queue: Entry<T>[] = [];
  #running: Promise<void> | undefined;
  /** What is written for many is written in the context of none of them. */
  readonly #outside = AsyncLocalStorage.snapshot();

  constructor(private readonly options: GroupCommitOptions<T>) {}

  /** Resolves when the item is committed; rejects with its own error. */
  submit(item: T): Promise<void> {
    if (this.#queue.length >= this.options.waiting)
      return Promise.reject(new DatabaseUnavailable('too many writes wait'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#running ??= this.#outside(() => this.#drain());
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #drain(): Promise<void> {
    // Lets everything that this turn of the event loop submits share the first write too.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, this.options.most));
    this.#running = undefined;
  }

  async #commit(entries: readonly Entry<T>[]): Promise<void> {
    try {
      await this.options.write(entries.map((entry) => entry.item));
    } catch (error) {
      const alone = entries.length === 1 || error instanceof DatabaseUnavailable;
      if (alone) for (const entry of entries) entry.reject(error);
      else for (const entry of entries) await this.#commit([entry]);
      return;
    }
    for (const entry of entries) entry.resolve();
  }
}
