import { describe, expect, it } from '@jest/globals';
import type { Database } from '@signet/persistence';
import { blockSize, StatusIndices } from './status-indices.js';

/** Leases as Postgres gives them, and counts them. */
function leasing() {
  let leases = 0;
  const database = {
    first: () => Promise.resolve({ first: blockSize * leases++ }),
  } as unknown as Pick<Database, 'first'>;
  return { indices: new StatusIndices(database), leases: () => leases };
}

describe('StatusIndices', () => {
  it('gives each index once, a lease for a block of them', async () => {
    const { indices, leases } = leasing();
    const taken = await Promise.all(Array.from({ length: blockSize + 1 }, () => indices.take('acme')));
    expect(new Set(taken).size).toBe(blockSize + 1);
    expect(leases()).toBe(2);
  });

  it('does not tell by them in which order they were given', async () => {
    const { indices } = leasing();
    const taken = [];
    for (let count = 0; count < 50; count++) taken.push(await indices.take('acme'));
    expect(taken).not.toEqual([...taken].sort((one, other) => one - other));
    expect(taken).not.toEqual([...taken].sort((one, other) => other - one));
  });

  it('gives again what came back', async () => {
    const { indices, leases } = leasing();
    for (let count = 0; count < 3 * blockSize; count++) indices.giveBack('acme', await indices.take('acme'));
    expect(leases()).toBe(1);
  });

  it('leases for each tenant by itself', async () => {
    const { indices, leases } = leasing();
    await indices.take('acme');
    await indices.take('globex');
    expect(leases()).toBe(2);
  });
});
