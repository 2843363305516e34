import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

export type HashingTask =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly hash: string; readonly password: string };

type Answer = { readonly value: string | boolean } | { readonly error: string };

/**
 * Given as text, since a worker's file would have to be found from the sources under jest and from dist in production. Synchronous on purpose:
 * the asynchronous functions of the addon run in libuv's one pool, where they would hold up every signature.
 */
const source = `
const { parentPort, workerData } = require('node:worker_threads');
const { hashSync, verifySync } = require(workerData.addon);
parentPort.on('message', (task) => {
  try {
    const value =
      task.kind === 'hash' ? hashSync(task.password, workerData.cost) : verifySync(task.hash, task.password);
    parentPort.postMessage({ value });
  } catch (error) {
    parentPort.postMessage({ error: String(error && error.message) });
  }
});
`;

/** RFC 9106 names; at least OWASP's minimum. Algorithm 2 is argon2id. */
export const argon2Cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** One worker thread, one task at a time. */
export class HashingThread {
  readonly #worker: Worker;
  #settle: { resolve: (value: string | boolean) => void; reject: (error: Error) => void } | undefined;
  /** True once the thread is gone, for whatever reason. */
  ended = false;

  constructor() {
    const addon = createRequire(import.meta.url).resolve('@node-rs/argon2');
    this.#worker = new Worker(source, { eval: true, workerData: { addon, cost: argon2Cost }, execArgv: [] });
    // A service that has nothing else to do may end.
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => {
      const settle = this.#settle;
      this.#settle = undefined;
      this.#worker.unref();
      if ('value' in answer) settle?.resolve(answer.value);
      else settle?.reject(new Error(answer.error));
    });
    this.#worker.on('error', (error: Error) => {
      this.#end(error);
    });
    this.#worker.on('exit', (code) => {
      this.#end(new Error(`The hashing thread ended with ${code}.`));
    });
  }

  run(task: HashingTask): Promise<string | boolean> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.ended = true;
    this.#settle?.reject(error);
    this.#settle = undefined;
  }
}
