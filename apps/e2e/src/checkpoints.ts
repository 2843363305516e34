import { setTimeout as pause } from 'node:timers/promises';
import {
  decodeBase64,
  openCheckpoint,
  parseNoteKey,
  verifyConsistency,
  type Checkpoint,
  type NoteKey,
} from '@signet/tlog';
import { z } from 'zod';

const proof = z.object({ hashes: z.array(z.string()) });

/** Keeps each checkpoint that a log serves, as somebody would who does not trust it. */
export class CheckpointKeeper {
  readonly #served = new Set<string>();
  readonly #end = new AbortController();
  readonly #watching: Promise<void>;

  /** `log`: its URL, without a slash at the end. */
  constructor(private readonly log: string) {
    this.#watching = this.#watch();
  }

  get count(): number {
    return this.#served.size;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#watching;
  }

  /** What is wrong with any of them: each must be signed, never go back, and be a beginning of the last. */
  async faults(): Promise<string[]> {
    const key = parseNoteKey((await this.#text('key')).trim());
    if (!key) return ['the log has no key'];
    const opened = [...this.#served].map((signed) => checkpointOf(signed, key));
    const [last] = opened.slice(-1);
    if (typeof last !== 'object') return [`the last: ${last ?? 'there is none'}`];
    const faults: string[] = [];
    let size = 0;
    for (const each of opened) {
      if (typeof each === 'string') faults.push(each);
      else if (each.size < size) faults.push(`${each.size} after ${size}`);
      else if (!(await this.#isBeginning(each, last))) faults.push(`${each.size} is no beginning of ${last.size}`);
      else size = each.size;
    }
    return faults;
  }

  async #isBeginning(from: Checkpoint, to: Checkpoint): Promise<boolean> {
    const text = await this.#text(`proof/consistency?from=${from.size}&to=${to.size}`);
    const hashes = proof.parse(JSON.parse(text)).hashes.flatMap((hash) => decodeBase64(hash) ?? []);
    return verifyConsistency(from, to, hashes);
  }

  async #text(path: string): Promise<string> {
    const answer = await fetch(`${this.log}/${path}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  }

  async #watch(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const signed = await this.#text('checkpoint').catch(() => undefined);
      if (signed !== undefined) this.#served.add(signed);
      await pause(100);
    }
  }
}

function checkpointOf(signed: string, key: NoteKey): Checkpoint | string {
  const opening = openCheckpoint(signed, key);
  return 'fault' in opening ? opening.fault : opening.checkpoint;
}
