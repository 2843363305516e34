import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { checkMaxAge } from './max-age.js';

describe('checkMaxAge', () => {
  it.each<[string, Record<string, string>, number | undefined, number | undefined]>([
    ['what was asked for', { max_age: '10' }, undefined, 10],
    ['zero', { max_age: '0' }, 60, 0],
    ['the default of the client', {}, 60, 60],
    ['nothing', {}, undefined, undefined],
    ['what was asked for, before the default', { max_age: '100' }, 60, 100],
  ])('is %s', (_what, parameters, defaultMaxAge, expected) => {
    expect(checkMaxAge(checkContext(parameters, { defaultMaxAge }))).toEqual({ ok: true, value: expected });
  });

  it.each(['-1', '1.5', '1e3', ' 1', '0x10', 'NaN', '12345678901'])('refuses %j', (max_age) => {
    expect(checkMaxAge(checkContext({ max_age }))).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });
});
