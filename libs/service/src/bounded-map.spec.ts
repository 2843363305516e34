import { describe, expect, it } from '@jest/globals';
import { BoundedMap } from './bounded-map.js';

describe('BoundedMap', () => {
  it('forgets what was least recently used', () => {
    const map = new BoundedMap<string, number>(3);
    for (const [index, key] of ['a', 'b', 'c'].entries()) map.set(key, index);
    map.get('a');
    map.peek('b');
    map.set('d', 3);
    expect(map.entries()).toEqual([
      ['c', 2],
      ['a', 0],
      ['d', 3],
    ]);
    map.set('c', 4);
    map.set('e', 5);
    map.delete('d');
    map.delete('z');
    expect(map.entries()).toEqual([
      ['c', 4],
      ['e', 5],
    ]);
    expect(map.size).toBe(2);
    expect(map.get('a')).toBeUndefined();
  });
});
