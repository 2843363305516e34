import { describe, expect, it } from '@jest/globals';
import { aggregateKey, sequence, type Sequenced } from './sequence.js';

const event = (id: string, version: number, aggregate = 'a'): Sequenced => ({ id, version, aggregate, tenantId: 't' });
const known = (versions: Record<string, number> = {}, ids: string[] = []) => ({
  ids: new Set(ids),
  versions: new Map(
    Object.entries(versions).map(([aggregate, version]) => [aggregateKey({ tenantId: 't', aggregate }), version]),
  ),
});
const ids = (events: readonly Sequenced[]) => events.map(({ id }) => id);

describe('sequence', () => {
  it('appends shuffled versions in their order', () => {
    const { append, early } = sequence([event('3', 3), event('1', 1), event('2', 2)], known());
    expect(ids(append)).toEqual(['1', '2', '3']);
    expect(early).toEqual([]);
  });

  it('holds what is ahead of its turn, and only in its own aggregate', () => {
    const { append, early } = sequence([event('3', 3), event('b1', 1, 'b')], known({ a: 1 }));
    expect(ids(append)).toEqual(['b1']);
    expect(ids(early)).toEqual(['3']);
  });

  it('knows what is stored, and what came twice in one batch', () => {
    const { append, stored } = sequence([event('1', 1), event('2', 2), event('2', 2)], known({ a: 1 }, ['1']));
    expect(ids(append)).toEqual(['2']);
    expect(ids(stored)).toEqual(['1', '2']);
  });

  it('takes what came twice for stored only where the first is appended', () => {
    const { stored, early, refused } = sequence(
      [event('3', 3), event('3', 3), event('x', 1), event('x', 1)],
      known({ a: 1 }),
    );
    expect([stored, early, refused].map(ids)).toEqual([[], ['3', '3'], ['x', 'x']]);
  });

  it('refuses another event of a version that is taken', () => {
    const { append, refused } = sequence([event('x', 1)], known({ a: 1 }));
    expect(append).toEqual([]);
    expect(ids(refused)).toEqual(['x']);
  });
});
