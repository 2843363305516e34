import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { responseTypes } from '../../client.js';
import { checkResponseMode } from './response-mode.js';

describe('checkResponseMode', () => {
  it.each([
    ['code', 'query'],
    ['id_token', 'fragment'],
    ['id_token token', 'fragment'],
    ['code id_token', 'fragment'],
    ['code token', 'fragment'],
    ['code id_token token', 'fragment'],
  ])('for %s is %s where none is asked for', (response_type, mode) => {
    expect(checkResponseMode(checkContext({ response_type }))).toEqual({ ok: true, value: mode });
  });

  it.each(responseTypes.flatMap((type) => ['fragment', 'form_post'].map((mode) => [type, mode])))(
    'for %s may be %s',
    (response_type, response_mode) => {
      expect(checkResponseMode(checkContext({ response_type, response_mode }))).toEqual({
        ok: true,
        value: response_mode,
      });
    },
  );

  it.each(responseTypes)('for %s is query only where no token comes (response_mode confusion)', (response_type) => {
    const result = checkResponseMode(checkContext({ response_type, response_mode: 'query' }));
    expect(result.ok).toBe(response_type === 'code');
  });

  it.each(['web_message', 'query.jwt', 'QUERY', 'form_post '])('refuses %j', (response_mode) => {
    expect(checkResponseMode(checkContext({ response_mode }))).toMatchObject({
      ok: false,
      error: { error: 'invalid_request' },
    });
  });

  it.each(['com.example.app:/cb', 'https://shop.example\\callback', 'ftp://shop.example/'])(
    'does not post a form to %s',
    (redirectUri) => {
      const context = { ...checkContext({ response_mode: 'form_post' }), redirectUri };
      expect(checkResponseMode(context)).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
    },
  );
});
