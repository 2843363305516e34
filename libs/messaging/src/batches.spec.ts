import { describe, expect, it } from '@jest/globals';
import { batchesOf } from './batches.js';

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    taken.push(n);
    yield n;
    await Promise.resolve();
  }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('batchesOf', () => {
  it.each([
    [0, 4],
    [1, 4],
    [4, 4],
    [5, 4],
    [1_000, 7],
  ])('gives %i items in order, at most %i at once', async (count, size) => {
    const batches = await all(batchesOf(numbers(count), size));
    expect(batches.flat()).toEqual(Array.from({ length: count }, (_, n) => n));
    for (const batch of batches) {
      expect(batch.length).toBeGreaterThan(0);
      expect(batch.length).toBeLessThanOrEqual(size);
    }
  });

  it('puts what comes together into one batch', async () => {
    expect(await all(batchesOf(numbers(4), 4))).toEqual([[0, 1, 2, 3]]);
  });

  it('takes no more than two batches ahead', async () => {
    const taken: number[] = [];
    for await (const batch of batchesOf(numbers(100, taken), 5)) {
      await new Promise((resolve) => setImmediate(resolve));
      const last = batch.at(-1) ?? 0;
      expect(taken.length - 1 - last).toBeLessThanOrEqual(10);
    }
    expect(taken).toHaveLength(100);
  });

  it('throws what the source throws, after what the source gave', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield* numbers(3);
      throw new Error('the source');
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of batchesOf(failing(), 2)) seen.push(...batch);
    })();
    await expect(reading).rejects.toThrow('the source');
    expect(seen).toEqual([0, 1, 2]);
  });

  it('lets go of its source when its consumer leaves', async () => {
    let released = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (;;) yield* numbers(1);
      } finally {
        released = true;
      }
    }
    const batches = batchesOf(endless(), 2);
    await batches.next();
    await batches.return(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(released).toBe(true);
  });
});
