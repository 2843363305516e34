import { describe, expect, it } from '@jest/globals';
import type { Micros } from '@signet/contracts';
import type { FloorRow } from './floor-index.js';
import { Floors, type FloorPoll, type FloorReader } from './floors.js';

const at = (value: number) => value as Micros;
const second = 1_000_000;

/** Token's table, as far as a poll sees it. */
class FakeReader implements FloorReader {
  readonly rows: FloorRow[] = [];
  readonly polls: (Micros | undefined)[] = [];
  finds = 0;
  /** Postgres' time, in seconds. */
  now = 10_000;
  failing = false;
  /** What each poll waits for once it has its snapshot. */
  held: Promise<void> | undefined;

  async poll(since: Micros | undefined, limit: number): Promise<FloorPoll> {
    this.polls.push(since);
    if (this.failing) throw new Error('away');
    const from = since ?? this.now * second - 3_660 * second;
    const rows = this.rows.filter(({ changedAt }) => changedAt >= from).slice(0, limit);
    const began = at(this.now * second);
    await this.held;
    return { began, rows };
  }

  find(tenantId: string, keys: readonly (readonly [string, string])[]): Promise<readonly FloorRow[]> {
    this.finds++;
    return Promise.resolve(
      this.rows.filter(
        (row) => row.tenantId === tenantId && keys.some(([kind, key]) => row.kind === kind && row.key === key),
      ),
    );
  }

  raise(key: string, ago = 0): void {
    this.rows.push({ tenantId: 'T', kind: 'token', key, changedAt: at((this.now - ago) * second) });
  }
}

function setUp(ceiling = 1_000) {
  const reader = new FakeReader();
  let milliseconds = 0;
  const seen: number[] = [];
  const onSeen = (seconds: number) => {
    seen.push(seconds);
  };
  const floors = new Floors({ reader, ceiling, monotonic: () => milliseconds, onSeen });
  return {
    reader,
    /** Seconds after which it learned of floors. */
    seen,
    floors,
    /** Lets both clocks go on. */
    wait: (ms: number) => {
      milliseconds += ms;
      reader.now += ms / 1_000;
    },
    dead: (jti: string) => floors.deadBy({ tenantId: 'T', clientId: 'c', since: at(0), jti }),
  };
}

describe('Floors', () => {
  it('polls before the first answer, and then not again for 800 ms', async () => {
    const { reader, wait, dead } = setUp();
    reader.raise('a');
    expect(await dead('a')).toBe('token');
    wait(800);
    expect(await dead('b')).toBeUndefined();
    expect(reader.polls).toHaveLength(1);
    wait(1);
    reader.raise('b');
    expect(await dead('b')).toBe('token');
    expect(reader.polls).toHaveLength(2);
  });

  it('tells how old its knowledge is, and how late it learned of each floor, once', async () => {
    const { reader, floors, seen, wait } = setUp();
    expect(floors.age).toBe(Infinity);
    reader.raise('before it began');
    await floors.poll();
    wait(250);
    expect(floors.age).toBe(0.25);
    reader.raise('a', 0.25);
    reader.raise('own');
    floors.apply(reader.rows.slice(-1));
    await floors.poll();
    wait(250);
    await floors.poll();
    expect(seen).toEqual([0.25]);
  });

  it('reads what was changed since 30 s before the last good poll began', async () => {
    const { reader, floors, wait, dead } = setUp();
    await floors.poll();
    reader.failing = true;
    wait(10_000);
    await expect(floors.poll()).rejects.toThrow('away');
    reader.failing = false;
    // Its commit took long: it bears a time that earlier polls had passed.
    reader.raise('slow', 35);
    wait(250);
    await floors.poll();
    expect(reader.polls.at(-1)).toBe(at((10_000 - 30) * second));
    expect(await dead('slow')).toBe('token');
  });

  it('answers nothing while it cannot poll', async () => {
    const { reader, floors, wait, dead } = setUp();
    await floors.poll();
    reader.failing = true;
    wait(700);
    expect(await dead('a')).toBeUndefined();
    wait(101);
    await expect(dead('a')).rejects.toThrow('away');
    await expect(floors.since()).rejects.toThrow('away');
    await expect(floors.minVersion('T', 'client_version', 'c')).rejects.toThrow('away');
  });

  it('reads all anew after a pause of over 30 s, or when the clock has gone back', async () => {
    const { reader, floors, wait, dead } = setUp();
    await floors.poll();
    wait(60_000);
    reader.raise('while-away', 55);
    expect(await dead('while-away')).toBe('token');
    expect(reader.polls.at(-1)).toBeUndefined();
    wait(250);
    reader.now -= 3_000;
    reader.raise('after-failover', 60);
    await floors.poll();
    expect(reader.polls.at(-1)).toBeUndefined();
    expect(await dead('after-failover')).toBe('token');
    expect(await dead('while-away')).toBe('token');
  });

  it('tells when the last good poll began', async () => {
    const { floors, wait, reader } = setUp();
    expect(await floors.since()).toBe(at(10_000 * second));
    wait(500);
    expect(await floors.since()).toBe(at(10_000 * second));
    wait(500);
    expect(await floors.since()).toBe(at(reader.now * second));
  });

  it('forgets what no token can lie under any more', async () => {
    const { reader, floors, wait, dead } = setUp();
    reader.raise('old');
    await floors.poll();
    for (let minute = 0; minute < 62 * 4; minute++) {
      wait(15_000);
      await floors.poll();
    }
    expect(await dead('old')).toBeUndefined();
  });

  it('asks Postgres above its ceiling, and remembers again below it', async () => {
    const { reader, floors, wait, dead } = setUp(3);
    for (const jti of ['a', 'b', 'c', 'd']) reader.raise(jti);
    expect(await dead('d')).toBe('token');
    expect(await dead('e')).toBeUndefined();
    expect(reader.finds).toBe(2);
    reader.rows.push({
      tenantId: 'T',
      kind: 'client_version',
      key: 'c',
      version: 4,
      changedAt: at(reader.now * second),
    });
    expect(await floors.minVersion('T', 'client_version', 'c')).toBe(4);
    reader.rows.splice(0, 4);
    for (let turn = 0; turn < 10; turn++) {
      wait(10_000);
      await floors.poll();
    }
    const { finds } = reader;
    expect(await dead('d')).toBeUndefined();
    expect(reader.finds).toBe(finds);
  });

  it('overflows while it runs, too', async () => {
    const { reader, floors, wait, dead } = setUp(3);
    reader.raise('a');
    await floors.poll();
    for (const jti of ['b', 'c', 'd']) reader.raise(jti);
    wait(250);
    await floors.poll();
    expect(await dead('a')).toBe('token');
    expect(reader.finds).toBe(1);
  });

  it('knows what it committed itself at once, and does not lose it to an older reading', async () => {
    const { floors, dead, reader } = setUp();
    await floors.poll();
    floors.apply([{ tenantId: 'T', kind: 'account', key: 'A', at: at(7), changedAt: at(reader.now * second + 5) }]);
    floors.apply([{ tenantId: 'T', kind: 'account', key: 'A', at: at(3), changedAt: at(reader.now * second) }]);
    const standing = { tenantId: 'T', clientId: 'c', account: 'A', since: at(5) };
    expect(await floors.deadBy(standing)).toBe('account');
    expect(await dead('a')).toBeUndefined();
  });

  it('polls anew after the poll that is under way, once for all who ask', async () => {
    const { reader, floors, wait } = setUp();
    let release: () => void = () => undefined;
    reader.held = new Promise((resolve) => (release = resolve));
    const underWay = floors.poll();
    wait(100);
    const asked = Array.from({ length: 50 }, () => floors.pollAnew());
    release();
    await Promise.all([underWay, ...asked]);
    expect(reader.polls).toHaveLength(2);
    expect(await floors.since()).toBe(at(reader.now * second));
  });

  it('lets all who wait share a poll', async () => {
    const { reader, dead } = setUp();
    await Promise.all(Array.from({ length: 50 }, () => dead('a')));
    expect(reader.polls).toHaveLength(1);
  });
});
