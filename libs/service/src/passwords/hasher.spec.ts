import { afterEach, describe, expect, it } from '@jest/globals';
import { Hasher, type HasherOptions } from './hasher.js';
import { Overloaded } from './overloaded.js';

let hasher: Hasher;
const make = (options?: HasherOptions) => (hasher = new Hasher(options));

afterEach(() => hasher.end());

describe('Hasher', () => {
  it('makes argon2id hashes of the agreed cost, each with a salt of its own, and verifies them', async () => {
    make();
    const [one, other] = await Promise.all([hasher.hash('wonderland'), hasher.hash('wonderland')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(other).not.toBe(one);
    await expect(hasher.verify(one, 'wonderland')).resolves.toBe(true);
    await expect(hasher.verify(one, 'Wonderland')).resolves.toBe(false);
    await expect(hasher.verify('$argon2id$v=19$m=1', 'wonderland')).rejects.toThrow();
    await expect(hasher.verify(one, 'wonderland')).resolves.toBe(true);
  });

  it('never lets the dummy be right', async () => {
    make();
    await expect(hasher.dummy('')).resolves.toBe(false);
    await expect(hasher.dummy('wonderland')).resolves.toBe(false);
  });

  it('refuses at once what its queue does not hold, and does the rest', async () => {
    make({ threads: 1, waiting: 2, patience: 10_000 });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.hash('wonderland')));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(
      results.slice(3).every((result) => result.status === 'rejected' && result.reason instanceof Overloaded),
    ).toBe(true);
    await expect(hasher.hash('wonderland')).resolves.toContain('argon2id');
    expect(hasher.queued).toBe(0);
  });

  it('tells of each turn and of each refusal', async () => {
    make({ threads: 1, waiting: 1, patience: 10_000 });
    const waits: number[] = [];
    let refused = 0;
    hasher.observe({ onTurn: (milliseconds) => waits.push(milliseconds), onRefused: () => refused++ });
    const all = Promise.allSettled(Array.from({ length: 3 }, () => hasher.hash('wonderland')));
    expect([hasher.running, hasher.queued]).toEqual([1, 1]);
    await all;
    expect([waits.length, refused, hasher.running]).toEqual([2, 1, 0]);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
  });

  it('refuses what waited for too long', async () => {
    make({ threads: 1, patience: 0 });
    const results = await Promise.allSettled([hasher.hash('a'), hasher.hash('b'), hasher.hash('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('leaves the event loop free', async () => {
    make({ threads: 1, patience: 10_000 });
    let turns = 0;
    let hashing = true;
    const turn = () => {
      turns++;
      if (hashing) setImmediate(turn);
    };
    const hashes = Promise.all(Array.from({ length: 5 }, () => hasher.hash('wonderland')));
    turn();
    await hashes;
    hashing = false;
    expect(turns).toBeGreaterThan(10);
  });

  it('refuses what waits, and what comes, when it is ended', async () => {
    make({ threads: 1, patience: 10_000 });
    const results = Promise.allSettled([hasher.hash('a'), hasher.hash('b')]);
    await hasher.end();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(hasher.hash('c')).rejects.toThrow(Overloaded);
  });
});
