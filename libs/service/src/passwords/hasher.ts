import { randomBytes } from 'node:crypto';
import { usableCores } from './cores.js';
import { argon2Cost, HashingThread, type HashingTask } from './hashing-threads.js';
import { Overloaded } from './overloaded.js';

export interface HasherOptions {
  /** Hashes at once. Default: one less than the process has cores, at least one, so that signing is never starved. */
  readonly threads?: number;
  /** Milliseconds that a password may wait for its turn. */
  readonly patience?: number;
  /** Passwords that may wait. */
  readonly waiting?: number;
}

interface Entry {
  readonly task: HashingTask;
  readonly resolve: (value: string | boolean) => void;
  readonly reject: (error: Error) => void;
  timer: NodeJS.Timeout | undefined;
  /** Monotonic milliseconds. */
  readonly asked: number;
}

export interface HasherObserver {
  /** Milliseconds that a password waited for its turn. */
  onTurn(milliseconds: number): void;
  onRefused(): void;
}

/**
 * The one place where passwords are hashed (argon2id), one per process. Takes text as it is: normalising it (NFC) and holding it to a length are
 * the caller's. A password that cannot have its turn within a second is refused with Overloaded.
 */
export class Hasher {
  readonly #size: number;
  readonly #patience: number;
  readonly #most: number;
  readonly #idle: HashingThread[] = [];
  readonly #queue: Entry[] = [];
  #threads = 0;
  #ended = false;
  #running = 0;
  #observer: HasherObserver | undefined;
  readonly #dummy = dummyHash();

  constructor(options: HasherOptions = {}) {
    this.#size = options.threads ?? Math.max(1, usableCores() - 1);
    this.#patience = options.patience ?? 1_000;
    this.#most = options.waiting ?? 200 * this.#size;
  }

  /** Passwords that wait for their turn. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Passwords that are being hashed. */
  get running(): number {
    return this.#running;
  }

  observe(observer: HasherObserver): void {
    this.#observer = observer;
  }

  /** A PHC string with a salt of its own. */
  async hash(password: string): Promise<string> {
    return (await this.#submit({ kind: 'hash', password })) as string;
  }

  /** True if `hash`, an argon2 PHC string, is of this password. Throws for anything that is no such string. */
  async verify(hash: string, password: string): Promise<boolean> {
    return (await this.#submit({ kind: 'verify', hash, password })) as boolean;
  }

  /** The work of `verify`, for an account that is not there or has no password. Never true. */
  async dummy(password: string): Promise<false> {
    await this.verify(this.#dummy, password);
    return false;
  }

  /** Ends the threads; what waits is refused. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const entry of this.#queue.splice(0)) this.#refuse(entry);
    await Promise.all(this.#idle.splice(0).map((thread) => thread.end()));
  }

  #submit(task: HashingTask): Promise<string | boolean> {
    if (this.#ended || this.#queue.length >= this.#most) {
      this.#observer?.onRefused();
      return Promise.reject(new Overloaded('The password hasher'));
    }
    return new Promise((resolve, reject) => {
      const entry: Entry = { task, resolve, reject, timer: undefined, asked: performance.now() };
      const thread = this.#free();
      if (thread) {
        void this.#work(thread, entry);
        return;
      }
      entry.timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(entry), 1);
        this.#refuse(entry);
      }, this.#patience);
      this.#queue.push(entry);
    });
  }

  #free(): HashingThread | undefined {
    const thread = this.#idle.pop();
    if (thread) return thread.ended ? this.#replace() : thread;
    return this.#threads < this.#size ? this.#start() : undefined;
  }

  #start(): HashingThread {
    this.#threads++;
    return new HashingThread();
  }

  #replace(): HashingThread {
    this.#threads--;
    return this.#start();
  }

  async #work(first: HashingThread, entry: Entry): Promise<void> {
    let thread = first;
    for (let next: Entry | undefined = entry; next; next = this.#queue.shift()) {
      clearTimeout(next.timer);
      this.#observer?.onTurn(performance.now() - next.asked);
      this.#running++;
      try {
        next.resolve(await thread.run(next.task));
      } catch (error) {
        next.reject(error as Error);
      } finally {
        this.#running--;
      }
      if (thread.ended) thread = this.#replace();
    }
    if (this.#ended) await thread.end();
    else this.#idle.push(thread);
  }

  #refuse(entry: Entry): void {
    clearTimeout(entry.timer);
    this.#observer?.onRefused();
    entry.reject(new Overloaded('The password hasher'));
  }
}

/** The hash of no password that anybody knows: its salt and its result are random. */
function dummyHash(): string {
  const text = (length: number) => randomBytes(length).toString('base64').replace(/=+$/, '');
  const { memoryCost, timeCost, parallelism } = argon2Cost;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${text(16)}$${text(32)}`;
}
