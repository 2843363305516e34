import { describe, expect, it } from '@jest/globals';
import { FakeRandom } from './fake-random.js';

describe('FakeRandom', () => {
  it('draws the same bytes in every run, and none twice', () => {
    const [one, other] = [new FakeRandom(), new FakeRandom()];
    const draws = [16, 32, 48].map((length) => one.bytes(length));
    expect([16, 32, 48].map((length) => other.bytes(length))).toEqual(draws);
    expect(draws.map((bytes) => bytes.length)).toEqual([16, 32, 48]);
    expect(draws[1]?.slice(0, 16)).not.toEqual(draws[0]);
    expect(new FakeRandom('another').bytes(16)).not.toEqual(draws[0]);
  });
});
