import { describe, expect, it } from '@jest/globals';

import { sizeThreadPool } from './thread-pool.cjs';

describe('sizeThreadPool', () => {
  it.each([
    ['has a thread for each core', {}, 12, '12'],
    ['has four at least', {}, 2, '4'],
    ['leaves alone what an operator has set', { UV_THREADPOOL_SIZE: '2' }, 12, '2'],
  ])('%s', (_what, given, cores, expected) => {
    const environment = { ...given };
    sizeThreadPool(environment, cores);
    expect(environment).toEqual({ UV_THREADPOOL_SIZE: expected });
  });
});
