import { LogFault } from './log-fault.js';
import { isPlace, type LoggedEvent } from './logged-event.js';

const source = '/signet/audit';
export const droppedType = 'signet.audit.entries.dropped.v1';

/** A piece that retention has dropped, as an event of the log says. */
interface DroppedPiece {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Which entries are gone, and what the log says of that. Its memory is a bit an entry that is gone. */
export class DroppedEntries {
  /** By the index of the event. */
  readonly #pieces = new Map<number, DroppedPiece>();
  readonly #gone = new Bits();
  #count = 0;

  /** How many entries are gone. */
  get count(): number {
    return this.#count;
  }

  /** An entry without bytes. */
  take(index: number): void {
    if (this.#gone.has(index)) return;
    this.#gone.add(index);
    this.#count += 1;
  }

  /** Gives the fault of an event which says that entries were dropped that it cannot speak of. */
  takeEvent(event: LoggedEvent, index: number): LogFault | undefined {
    if (event.type !== droppedType || event.source !== source) return undefined;
    const { first, last, count } = event.data;
    if (
      !isPlace(first) ||
      !isPlace(last) ||
      !isPlace(count) ||
      last < first ||
      last >= index ||
      count > last - first + 1
    )
      return new LogFault('it says that entries were dropped which it cannot speak of', { index, id: event.id });
    this.#pieces.set(index, { first, last, count });
    return undefined;
  }

  /** The first of the log's entries that is gone without an event of the log that says so. An event to come may say it yet. */
  unexplained(size: number): LogFault | undefined {
    const covered = joined([...this.#pieces.values()]);
    let piece = 0;
    for (let index = this.#gone.next(0, size); index < size; index = this.#gone.next(index + 1, size)) {
      while (piece < covered.length && (covered[piece]?.last ?? 0) < index) piece += 1;
      const range = covered[piece];
      if (!range || index < range.first)
        return new LogFault('it is gone, and no event says that it was dropped', { index });
      range.gone += 1;
      if (range.gone > range.count)
        return new LogFault(`it is gone, and of ${range.first} to ${range.last} only ${range.count} were dropped`, {
          index,
        });
    }
    return undefined;
  }
}

/** Pieces that overlap (of several classes of events) as one. */
function joined(pieces: readonly DroppedPiece[]): { first: number; last: number; count: number; gone: number }[] {
  const ranges: { first: number; last: number; count: number; gone: number }[] = [];
  for (const { first, last, count } of pieces.toSorted((a, b) => a.first - b.first)) {
    const before = ranges.at(-1);
    if (before && first <= before.last) {
      before.last = Math.max(before.last, last);
      before.count += count;
    } else ranges.push({ first, last, count, gone: 0 });
  }
  return ranges;
}

/** A growing set of small numbers, one bit each. */
class Bits {
  #bytes = new Uint8Array(1_024);

  has(value: number): boolean {
    return ((this.#bytes[Math.floor(value / 8)] ?? 0) & (1 << (value % 8))) !== 0;
  }

  add(value: number): void {
    const place = Math.floor(value / 8);
    if (place >= this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, place + 1));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[place] = (this.#bytes[place] ?? 0) | (1 << (value % 8));
  }

  /** The first one from `value` up; `end` where there is none below it. */
  next(value: number, end: number): number {
    for (let at = value; at < end;) {
      const byte = this.#bytes[Math.floor(at / 8)];
      if (byte === undefined) return end;
      if (byte === 0) at = (Math.floor(at / 8) + 1) * 8;
      else if (byte & (1 << (at % 8))) return at;
      else at += 1;
    }
    return end;
  }
}
