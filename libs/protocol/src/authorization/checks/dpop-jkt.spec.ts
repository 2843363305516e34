import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { checkDpopJkt } from './dpop-jkt.js';

const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

describe('checkDpopJkt', () => {
  it('takes a thumbprint, and none', () => {
    expect(checkDpopJkt(checkContext({ dpop_jkt: jkt }))).toEqual({ ok: true, value: jkt });
    expect(checkDpopJkt(checkContext({}))).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['one character too few', jkt.slice(1)],
    ['one too many', `${jkt}A`],
    ['another alphabet', `${jkt.slice(0, -2)}+I`],
    ['bits beyond the 32 bytes', `${jkt.slice(0, -1)}J`],
    ['padding', `${jkt}=`],
  ])('refuses %s', (_what, dpop_jkt) => {
    expect(checkDpopJkt(checkContext({ dpop_jkt }))).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });
});
