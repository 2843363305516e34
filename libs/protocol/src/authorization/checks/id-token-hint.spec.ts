import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { hints } from '../../../test/fixtures.js';
import { checkIdTokenHint } from './id-token-hint.js';

describe('checkIdTokenHint', () => {
  it('hands back who the hint names', async () => {
    const context = checkContext({ id_token_hint: 'of-alice' });
    expect(await checkIdTokenHint(context, hints)).toEqual({ ok: true, value: 'sub-alice' });
  });

  it('names nobody where none was sent', async () => {
    expect(await checkIdTokenHint(checkContext({}), hints)).toEqual({ ok: true, value: undefined });
  });

  it('refuses what is none of the ID tokens of this client', async () => {
    const result = await checkIdTokenHint(checkContext({ id_token_hint: 'e30.e30.' }), hints);
    expect(result).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });
});
