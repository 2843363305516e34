import { describe, expect, it } from '@jest/globals';
import { MeshError } from '@signet/messaging';
import { CopyCache, type CopyUse } from './copy-cache.js';

interface Thing {
  version: number;
}

/** An owner that answers when it is told to. */
function make() {
  const state = {
    now: 0,
    uses: [] as CopyUse[],
    asked: 0,
    answer: (): Promise<Thing | undefined> => Promise.resolve({ version: 1 }),
  };
  const cache = new CopyCache<Thing>({
    read: () => {
      state.asked++;
      return state.answer();
    },
    versionsOf: ({ version }) => [version],
    most: 3,
    onUse: (use) => state.uses.push(use),
    monotonic: () => state.now,
  });
  return { state, cache };
}

const away = () => Promise.reject(new MeshError('unavailable', 'away'));
const second = 1_000;

describe('CopyCache', () => {
  it('reads once a minute', async () => {
    const { state, cache } = make();
    await cache.get('a');
    state.now = 60 * second;
    await cache.get('a');
    expect(state.uses).toEqual(['read', 'fresh']);
    state.now++;
    await cache.get('a');
    expect(state.uses).toEqual(['read', 'fresh', 'read']);
  });

  it('lets concurrent readers share one request', async () => {
    const { state, cache } = make();
    await Promise.all(Array.from({ length: 20 }, () => cache.get('a')));
    expect(state.asked).toBe(1);
  });

  it('remembers for five seconds that there is nothing', async () => {
    const { state, cache } = make();
    state.answer = () => Promise.resolve(undefined);
    await expect(cache.get('a')).resolves.toBeUndefined();
    state.now = 5 * second;
    await expect(cache.get('a')).resolves.toBeUndefined();
    expect(state.asked).toBe(1);
    state.answer = () => Promise.resolve({ version: 1 });
    state.now++;
    await expect(cache.get('a')).resolves.toEqual({ version: 1 });
  });

  it('keeps its copies, and a bounded number of absences, whatever names are made up', async () => {
    const { state, cache } = make();
    await cache.get('a');
    state.answer = () => Promise.resolve(undefined);
    for (const name of ['b', 'c', 'd', 'e', 'f']) await cache.get(name);
    state.answer = away;
    await expect(cache.get('a')).resolves.toEqual({ version: 1 });
    await expect(cache.get('f')).resolves.toBeUndefined();
    await expect(cache.get('b')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('forgets that there was nothing when there is something, and the reverse', async () => {
    const { state, cache } = make();
    for (const value of [undefined, { version: 1 }, undefined, { version: 2 }]) {
      state.answer = () => Promise.resolve(value);
      cache.outdate('a');
      await expect(cache.get('a')).resolves.toEqual(value);
      await expect(cache.get('a')).resolves.toEqual(value);
    }
    expect(state.asked).toBe(4);
  });

  it('serves what it has for an hour while its owner is away, asking once a second, and no longer', async () => {
    const { state, cache } = make();
    await cache.get('a');
    state.answer = away;
    state.now = 3_600 * second;
    for (let i = 0; i < 5; i++) await expect(cache.get('a')).resolves.toEqual({ version: 1 });
    expect(state.asked).toBe(2);
    state.now += second;
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(cache.get('b')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not serve an absence in place of an owner that is away', async () => {
    const { state, cache } = make();
    state.answer = () => Promise.resolve(undefined);
    await cache.get('a');
    state.answer = away;
    state.now = 6 * second;
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gives any failure of its owner as unavailable', async () => {
    const { state, cache } = make();
    state.answer = () => Promise.reject(new MeshError('deadline_exceeded', 'slow'));
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'unavailable' });
  });

  describe('asked for a version', () => {
    it('reads anew what is older', async () => {
      const { state, cache } = make();
      await cache.get('a');
      state.answer = () => Promise.resolve({ version: 2 });
      await expect(cache.get('a', [1])).resolves.toEqual({ version: 1 });
      await expect(cache.get('a', [2])).resolves.toEqual({ version: 2 });
      expect(state.asked).toBe(2);
    });

    it('gives nothing older, not even with the owner away or behind', async () => {
      const { state, cache } = make();
      await cache.get('a');
      await expect(cache.get('a', [2])).rejects.toMatchObject({ code: 'unavailable' });
      state.answer = away;
      await expect(cache.get('a', [2])).rejects.toMatchObject({ code: 'unavailable' });
      await expect(cache.get('a', [1])).resolves.toEqual({ version: 1 });
    });

    it('does not believe a remembered absence', async () => {
      const { state, cache } = make();
      state.answer = () => Promise.resolve(undefined);
      await cache.get('a');
      state.answer = () => Promise.resolve({ version: 1 });
      await expect(cache.get('a', [1])).resolves.toEqual({ version: 1 });
    });
  });

  describe('told of a change', () => {
    it('reads anew, and serves the old copy where it cannot', async () => {
      const { state, cache } = make();
      await cache.get('a');
      cache.outdate('a');
      state.answer = away;
      await expect(cache.get('a')).resolves.toEqual({ version: 1 });
      state.answer = () => Promise.resolve({ version: 2 });
      state.now = second;
      await expect(cache.get('a')).resolves.toEqual({ version: 2 });
      expect(state.asked).toBe(3);
    });

    it('while it reads, does not take the answer for the state after the change', async () => {
      const { state, cache } = make();
      let finish: (thing: Thing) => void = () => undefined;
      state.answer = () => new Promise((resolve) => (finish = resolve));
      const before = cache.get('a');
      cache.outdate('a');
      state.answer = () => Promise.resolve({ version: 2 });
      const after = cache.get('a');
      finish({ version: 1 });
      await expect(before).resolves.toEqual({ version: 1 });
      await expect(after).resolves.toEqual({ version: 2 });
      await expect(cache.get('a')).resolves.toEqual({ version: 2 });
    });

    it('of many, reads those anew that match', async () => {
      const { state, cache } = make();
      await Promise.all([cache.get('a'), cache.get('b')]);
      cache.outdateWhere((key) => key === 'a');
      await Promise.all([cache.get('a'), cache.get('b')]);
      expect(state.asked).toBe(3);
    });
  });

  it('keeps no more than it may', async () => {
    const { cache } = make();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await cache.get(key);
    expect(cache.size).toBe(3);
  });
});
