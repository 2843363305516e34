import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import type { RangeRow } from '../reading/log-range.js';
import { TypeFilter } from '../reading/type-filter.js';
import { EventStream } from './event-stream.js';
import type { Following } from './log-tails.js';

const tenant = newId(tenantId);
const rowAt = (index: number, padding = 1_000): RangeRow => ({
  ...{ tenantId: tenant, index, id: String(index), type: 'signet.a.b.c.v1', aggregate: 'a:1' },
  ...{ personal: null, personalSubject: null },
  leaf: Buffer.from(
    JSON.stringify({
      ...{
        specversion: '1.0',
        id: '0198a000-0000-7000-8000-000000000000',
        source: '/signet/authn',
        type: 'signet.a.b.c.v1',
      },
      ...{ time: '2026-01-01T00:00:00.000Z', tenant, aggregate: 'a:1', aggregateversion: 1, actor: 'anonymous' },
      data: { padding: 'x'.repeat(padding) },
    }),
  ),
});

/** A log of so many entries that counts what is taken of it. */
class CountedLog implements Following {
  readonly taken: number[] = [];
  ended = false;
  constructor(
    readonly size: number,
    private readonly padding?: number,
    /** What it has in truth. */
    private readonly upTo = size,
  ) {}

  take(from: number, _types: TypeFilter, limit: number) {
    this.taken.push(from);
    const next = Math.min(this.upTo, from + limit);
    const rows = Array.from({ length: Math.max(next - from, 0) }, (_, at) => rowAt(from + at, this.padding));
    return Promise.resolve({ rows, next });
  }

  end(): void {
    this.ended = true;
  }
}

/** Somebody who reads when told to. */
class SlowReader extends Writable {
  readonly read: string[] = [];
  #done: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 16 * 1_024 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.read.push(chunk.toString('utf8'));
    this.#done = done;
  }

  readOne(): void {
    this.#done?.();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a stream', () => {
  const begin = (log: CountedLog, output: Writable, from = 0) =>
    new EventStream({
      ...{ output, log, from, types: new TypeFilter([]), personal: undefined },
      logger: { warn: () => undefined },
      onEnd: () => undefined,
    });

  it('reads on from the log no faster than it is read', async () => {
    const [log, reader] = [new CountedLog(100_000), new SlowReader()];
    begin(log, reader);
    await turn();
    expect(log.taken).toEqual([0]);
    await turn();
    expect(log.taken).toEqual([0]);
    expect(reader.writableLength).toBeLessThan(200 * 1_024);
    reader.readOne();
    await turn();
    reader.readOne();
    await turn();
    expect(log.taken).toEqual([0, 64]);
  });

  it('tells a reader that does not read nothing more, not even that it is alive', async () => {
    const [log, reader] = [new CountedLog(100), new SlowReader()];
    const stream = begin(log, reader);
    await turn();
    const length = reader.writableLength;
    for (let beats = 0; beats < 100; beats += 1) stream.beat();
    expect(reader.writableLength).toBe(length);
  });

  it('lets go of the log when its reader is gone', async () => {
    const [log, reader] = [new CountedLog(10), new SlowReader()];
    begin(log, reader);
    reader.destroy();
    await turn();
    expect(log.ended).toBe(true);
  });

  it('is open to nobody who left while it was being opened', () => {
    const [log, reader] = [new CountedLog(10), new SlowReader()];
    reader.destroy();
    begin(log, reader);
    expect([log.ended, log.taken]).toEqual([true, []]);
  });

  it('ends a chunk by its bytes as well, and goes on where it ended', async () => {
    const [log, reader] = [new CountedLog(100, 60_000), new SlowReader()];
    begin(log, reader);
    await turn();
    expect(reader.writableLength).toBeLessThan(300 * 1_024);
    reader.readOne();
    await turn();
    reader.readOne();
    await turn();
    expect(log.taken).toEqual([0, 4]);
  });

  it.each([0, 5, 7])('does not ask for ever where the log has %i entries and said that it had ten', async (has) => {
    const [log, reader] = [
      new CountedLog(10, 0, has),
      new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      }),
    ];
    begin(log, reader, 7);
    await turn();
    expect(log.taken).toEqual([7]);
    reader.destroy();
  });
});
