import { setTimeout as pause } from 'node:timers/promises';
import type { Administrator } from './administrator.js';
import type { Plane } from './plane.js';

/** Reads the live stream of a tenant's log from its beginning, and goes on where it was whenever that breaks off, as an EventSource does. */
export class StreamFollower {
  /** Indexes of what came, in the order in which it came. */
  readonly indexes: number[] = [];
  #last: number | undefined;
  readonly #end = new AbortController();
  readonly #reading: Promise<void>;

  constructor(
    private readonly plane: Plane,
    private readonly administrator: Administrator,
  ) {
    this.#reading = this.#read();
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#reading;
  }

  async #read(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await this.#connect().catch(() => undefined);
      await pause(50);
    }
  }

  async #connect(): Promise<void> {
    const answer = await fetch(`${this.plane.issuer}/audit/v1/stream?from=start`, {
      signal: this.#end.signal,
      headers: {
        Authorization: `Bearer ${await this.administrator.token()}`,
        ...(this.#last !== undefined && { 'Last-Event-ID': String(this.#last) }),
      },
    });
    if (answer.status === 401) this.administrator.forgetToken();
    if (answer.status !== 200 || !answer.body) {
      await answer.body?.cancel();
      return;
    }
    let text = '';
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const [, id] = /^id: ?(\d+)$/m.exec(frame) ?? [];
        if (id === undefined) continue;
        this.#last = Number(id);
        // Without data it says where the stream has come to, and is no event.
        if (/^data:/m.test(frame)) this.indexes.push(this.#last);
      }
    }
  }
}
