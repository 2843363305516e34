import { describe, expect, it } from '@jest/globals';
import { kinshipOf, learned, type Installation, type Kinship } from './installation.js';

const one = (keys: readonly string[], issuer = 'https://id.example'): Installation => ({ issuer, keys });

describe('two installations', () => {
  it.each<[string, Installation, Installation, Kinship, readonly string[] | undefined]>([
    ['of the same keys', one(['a']), one(['a']), 'same', undefined],
    ['of which ours has a further key', one(['a']), one(['b', 'a']), 'same', ['b', 'a']],
    ['of which ours has not heard of the next key', one(['b', 'a']), one(['a']), 'same', undefined],
    ['of which ours has the key after next', one(['b', 'a']), one(['c', 'b']), 'same', ['c', 'b', 'a']],
    ['without a key in common', one(['a']), one(['b']), 'another keyring', ['b', 'a']],
    ['of another issuer', one(['a'], 'https://other.example'), one(['a']), 'another issuer', undefined],
  ])('%s', (_, known, ours, kinship, keys) => {
    expect(kinshipOf(known, ours)).toBe(kinship);
    expect(learned(known, ours)?.keys).toEqual(keys);
  });

  it('know the last eight keys', () => {
    const known = one(['8', '7', '6', '5', '4', '3', '2', '1']);
    expect(learned(known, one(['9', '8']))?.keys).toEqual(['9', '8', '7', '6', '5', '4', '3', '2']);
  });
});
