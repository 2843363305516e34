import { LogFault } from './log-fault.js';
import { VersionTable } from './version-table.js';

const dropped = { source: '/signet/audit', type: 'signet.audit.entries.dropped.v1' } as const;

interface Event {
  readonly id: string;
  readonly source: unknown;
  readonly type: string;
  readonly tenant: string;
  readonly aggregate: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A piece that retention has dropped, as an event of the log says. */
interface DroppedPiece {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Index of the event. */
  readonly at: number;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** An entry as an event of Signet; undefined for what is none. Needs nothing but the bytes. */
export function readEvent(entry: Uint8Array): Event | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(entry));
    if (!isRecord(read)) return undefined;
    const { id, source, type, tenant, aggregate, aggregateversion: version, data } = read;
    if (typeof id !== 'string' || typeof type !== 'string' || typeof tenant !== 'string') return undefined;
    if (typeof aggregate !== 'string' || !isPlace(version) || version < 1 || version >= 2 ** 32) return undefined;
    return { id, source, type, tenant, aggregate, version, data: isRecord(data) ? data : {} };
  } catch {
    return undefined;
  }
}

/**
 * What the entries say of each other: one tenant's, each aggregate's versions without a gap, and of what is gone an event that says so. Takes them
 * in their order. Its memory is a bit an entry that is gone, and some 18 to 36 bytes an aggregate, of which most events are one.
 */
export class LogContent {
  readonly #versions = new VersionTable();
  readonly #pieces: DroppedPiece[] = [];
  readonly #gone = new Bits();
  #tenant: string | undefined;
  #goneCount = 0;
  /** Versions that were passed over; each must be an entry that is gone. */
  #missing = 0;

  /** Throws LogFault where the entry does not fit those before it. */
  take(index: number, entry: Uint8Array): void {
    const event = readEvent(entry);
    if (!event) throw new LogFault('it is no event', { index });
    const at = { index, id: event.id };
    this.#tenant ??= event.tenant;
    if (event.tenant !== this.#tenant) throw new LogFault(`it is of another tenant, ${event.tenant}`, at);
    this.#followVersion(event, at);
    if (event.type === dropped.type && event.source === dropped.source) this.#takePiece(event, at);
  }

  /** How many entries are gone. */
  get gone(): number {
    return this.#goneCount;
  }

  /** An entry without bytes. */
  takeGone(index: number): void {
    this.#gone.add(index);
    this.#goneCount += 1;
  }

  /** At the end: throws LogFault for entries that are gone, and no event of the log says so. */
  finish(size: number): void {
    const covered = joined(this.#pieces);
    let piece = 0;
    for (let index = this.#gone.next(0, size); index < size; index = this.#gone.next(index + 1, size)) {
      while (piece < covered.length && (covered[piece]?.last ?? 0) < index) piece += 1;
      const range = covered[piece];
      if (!range || index < range.first)
        throw new LogFault('it is gone, and no event says that it was dropped', { index });
      range.gone += 1;
      if (range.gone > range.count)
        throw new LogFault(`it is gone, and of ${range.first} to ${range.last} only ${range.count} were dropped`, {
          index,
        });
    }
  }

  #followVersion({ id, aggregate, version }: Event, at: { index: number; id: string }): void {
    // An event that happened to nothing else is an aggregate of one.
    if (aggregate.endsWith(`:${id}`)) {
      if (version !== 1) throw new LogFault(`version ${version} of an aggregate of one`, at);
      if (this.#versions.get(aggregate) > 0) throw new LogFault('the event is in the log twice', at);
      this.#versions.set(aggregate, version);
      return;
    }
    const last = this.#versions.get(aggregate);
    if (version <= last) throw new LogFault(`version ${version} of ${aggregate} comes after ${last}`, at);
    this.#missing += version - last - 1;
    // What was passed over may be among what retention dropped before, and cannot be more than that.
    if (this.#missing > this.#goneCount)
      throw new LogFault(`version ${version} of ${aggregate} comes after ${last}: what lies between is missing`, at);
    this.#versions.set(aggregate, version);
  }

  #takePiece({ data: { first, last, count } }: Event, at: { index: number; id: string }): void {
    if (
      !isPlace(first) ||
      !isPlace(last) ||
      !isPlace(count) ||
      last < first ||
      last >= at.index ||
      count > last - first + 1
    )
      throw new LogFault('it says that entries were dropped which it cannot speak of', at);
    this.#pieces.push({ first, last, count, at: at.index });
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
