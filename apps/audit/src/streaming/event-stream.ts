import type { Writable } from 'node:stream';
import type { ServiceLogger } from '@signet/service';
import type { PersonalParts } from '../personal/personal-parts.js';
import { cloudEventOf } from '../reading/cloud-event.js';
import type { RangeRow } from '../reading/log-range.js';
import type { TypeFilter } from '../reading/type-filter.js';
import { endFrame, eventFrame, heartbeat, opening } from './frames.js';
import type { EndReason } from './judgement.js';
import type { Following, Taken } from './log-tails.js';

/** Entries that are written at a time: with those of one chunk no reader is buffered for who does not read. */
const chunk = 64;
/** Bytes of leaves after which a chunk ends, however few its entries are. */
const chunkBytes = 256 * 1_024;
/** Milliseconds for which somebody may read nothing. */
const patience = 60_000;
/** Milliseconds within which the last words have to be read. */
const farewell = 5_000;

export interface EventStreamOptions {
  readonly output: Writable;
  readonly log: Following;
  /** Index of the first entry. */
  readonly from: number;
  readonly types: TypeFilter;
  /** Opens personal parts; undefined: they are not told. */
  readonly personal: Pick<PersonalParts, 'open'> | undefined;
  readonly logger: Pick<ServiceLogger, 'warn'>;
  readonly onEnd: () => void;
}

/** One listener: writes what the log has after its position as fast as it is read, and no faster. */
export class EventStream {
  #next: number;
  #pumping = false;
  #ended = false;
  /** Since when the reader has not read what was written, monotonic; undefined: it keeps up. */
  #blockedSince: number | undefined;

  constructor(private readonly options: EventStreamOptions) {
    this.#next = options.from;
    const { output } = options;
    output.on('drain', () => {
      this.#blockedSince = undefined;
      this.wake();
    });
    output.on('close', () => {
      this.#finish();
    });
    output.on('error', () => undefined);
    // Who left while this was being opened is told of by no event any more.
    if (output.destroyed) {
      this.#finish();
      return;
    }
    this.#write(opening(this.#next));
    this.wake();
  }

  /** There may be more. */
  wake(): void {
    if (this.#pumping || this.#ended) return;
    this.#pumping = true;
    void this.#pump();
  }

  /** What a reader that is not reading would only be told later is not told; one that never reads is let go. */
  beat(): void {
    if (this.#blockedSince === undefined) this.#write(heartbeat(this.#next));
    else if (performance.now() - this.#blockedSince > patience) {
      this.options.output.destroy();
      this.#finish();
      return;
    }
    // What could not be read the last time is tried again.
    this.wake();
  }

  /** Without a reason it is to be resumed elsewhere. */
  end(reason?: EndReason): void {
    if (this.#ended) return;
    this.#finish();
    const { output } = this.options;
    output.end(reason === undefined ? undefined : endFrame(reason));
    setTimeout(() => {
      output.destroy();
    }, farewell).unref();
  }

  async #pump(): Promise<void> {
    const { log, types, logger } = this.options;
    try {
      while (!this.#isHeld && this.#next < log.size) {
        const { rows, next } = bounded(await log.take(this.#next, types, chunk));
        const text = await this.#textOf(rows);
        // A log that has less than it said is asked again when it wakes.
        if (this.#ended || next <= this.#next) return;
        this.#next = next;
        if (text !== '') this.#write(text);
      }
    } catch (error) {
      logger.warn('stream.unread', { error });
    } finally {
      // At once after the last look at the size, or a growth between the two would wake nobody.
      this.#pumping = false;
    }
  }

  async #textOf(rows: readonly RangeRow[]): Promise<string> {
    const opened = await this.options.personal?.open(rows);
    return rows.map((row) => eventFrame(cloudEventOf(row, opened?.get(row.id)))).join('');
  }

  get #isHeld(): boolean {
    return this.#ended || this.#blockedSince !== undefined;
  }

  #write(text: string): void {
    if (!this.options.output.write(text)) this.#blockedSince ??= performance.now();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.options.log.end();
    this.options.onEnd();
  }
}

/** As much of it as a chunk holds, and at least one entry. */
function bounded({ rows, next }: Taken): Taken {
  let bytes = 0;
  const over = rows.findIndex(({ leaf }) => (bytes += leaf.length) > chunkBytes);
  const rest = rows[Math.max(over, 1)];
  return over === -1 || !rest ? { rows, next } : { rows: rows.slice(0, Math.max(over, 1)), next: rest.index };
}
