import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { checkNonce } from './nonce.js';

describe('checkNonce', () => {
  it.each([
    ['code (oidcc-ensure-request-without-nonce-succeeds-for-code-flow)', 'code', true],
    ['code token', 'code token', true],
    ['id_token (oidcc-ensure-request-without-nonce-fails)', 'id_token', false],
    ['id_token token', 'id_token token', false],
    ['code id_token', 'code id_token', false],
    ['code id_token token', 'code id_token token', false],
    ['words in another order', 'token code id_token', false],
  ])('without one, for %s', (_what, response_type, taken) => {
    const result = checkNonce(checkContext({ response_type }));
    if (taken) expect(result).toEqual({ ok: true, value: undefined });
    else expect(result).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
    expect(checkNonce(checkContext({ response_type, nonce: 'n' }))).toEqual({ ok: true, value: 'n' });
  });
});
