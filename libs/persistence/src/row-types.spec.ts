import { describe, expect, it } from '@jest/globals';
import { bytea, int8, micros } from './row-types.js';

describe('row types', () => {
  it.each([
    ['0', 0],
    ['-12', -12],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    [7, 7],
  ])('int8 reads %s', (text, value) => {
    expect(int8.parse(text)).toBe(value);
  });

  it.each(['9007199254740992', '1e3', '0x10', '', ' 1', '1.0', '1.5', null, true, 1.5])('int8 refuses %s', (text) => {
    expect(int8.safeParse(text).success).toBe(false);
  });

  it('micros refuses what is before the epoch', () => {
    expect(micros.parse('1795424400123456')).toBe(1_795_424_400_123_456);
    expect(micros.safeParse('-1').success).toBe(false);
  });

  it('bytea is bytes, not text', () => {
    expect(bytea.parse(Buffer.from('00ff', 'hex'))).toEqual(Buffer.from('00ff', 'hex'));
    expect(bytea.safeParse('\\x00ff').success).toBe(false);
  });
});
