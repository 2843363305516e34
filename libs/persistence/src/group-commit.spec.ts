import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { DatabaseUnavailable } from './errors.js';
import { GroupCommit } from './group-commit.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A store whose writes end only when told to, and which refuses what contains a bad item, whole. */
function store(options: { bad?: number; most?: number; waiting?: number } = {}) {
  const batches: number[][] = [];
  const written: number[] = [];
  const gates: (() => void)[] = [];
  const group = new GroupCommit<number>({
    write: async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (options.bad !== undefined && items.includes(options.bad)) throw new TypeError('refused');
      written.push(...items);
    },
    most: options.most ?? 100,
    waiting: options.waiting ?? 100,
  });
  const openAll = async () => {
    const idle = group.idle().then(() => gates.push(stop));
    let open = true;
    const stop = () => (open = false);
    do {
      gates.shift()?.();
      await turn();
    } while (open as boolean);
    await idle;
  };
  return { group, batches, written, gates, openAll };
}

describe('GroupCommit', () => {
  it('writes in the context of nobody who submits', async () => {
    const whose = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const group = new GroupCommit<number>({
      write: () => {
        seen.push(whose.getStore());
        return Promise.resolve();
      },
      ...{ most: 1, waiting: 10 },
    });
    await Promise.all(['alice', 'bob'].map((name, item) => whose.run(name, () => group.submit(item))));
    expect(seen).toEqual([undefined, undefined]);
  });

  it('shares a write among what one turn submits', async () => {
    const { group, batches, openAll } = store();
    const all = Promise.all([1, 2, 3].map((item) => group.submit(item)));
    await openAll();
    await all;
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gathers what arrives during a write into the next', async () => {
    const { group, batches, openAll } = store();
    const first = group.submit(1);
    await turn();
    const later = [2, 3, 4].map((item) => group.submit(item));
    await turn();
    expect(batches).toEqual([[1]]);
    await openAll();
    await Promise.all([first, ...later]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('resolves nobody before the commit', async () => {
    const { group, openAll } = store();
    let resolved = false;
    const submitted = group.submit(1).then(() => (resolved = true));
    await turn();
    expect(resolved).toBe(false);
    await openAll();
    await submitted;
    expect(resolved).toBe(true);
  });

  it('never takes more than its most to a write', async () => {
    const { group, batches, openAll } = store({ most: 2 });
    const all = Promise.all([1, 2, 3, 4, 5].map((item) => group.submit(item)));
    await openAll();
    await all;
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('writes each alone when a batch fails, and fails only the one at fault', async () => {
    const { group, batches, written, openAll } = store({ bad: 2 });
    const all = Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
    await openAll();
    expect((await all).map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(written).toEqual([1, 3]);
  });

  it('does not try each alone when the database is away', async () => {
    let writes = 0;
    const group = new GroupCommit<number>({
      write: () => {
        writes += 1;
        return Promise.reject(new DatabaseUnavailable('it is starting or stopping'));
      },
      most: 10,
      waiting: 10,
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
    expect(
      results.every((result) => result.status === 'rejected' && result.reason instanceof DatabaseUnavailable),
    ).toBe(true);
    expect(writes).toBe(1);
  });

  it('goes on after a failure', async () => {
    const { group, written, openAll } = store({ bad: 1 });
    const failed = group.submit(1).catch((error: unknown) => error);
    await openAll();
    expect(await failed).toBeInstanceOf(TypeError);
    const next = group.submit(2);
    await openAll();
    await next;
    expect(written).toEqual([2]);
  });

  it('refuses more than may wait', async () => {
    const { group, openAll } = store({ most: 1, waiting: 2 });
    const first = group.submit(1);
    await turn();
    const waiting = [group.submit(2), group.submit(3)];
    await expect(group.submit(4)).rejects.toBeInstanceOf(DatabaseUnavailable);
    await openAll();
    await Promise.all([first, ...waiting]);
  });
});
