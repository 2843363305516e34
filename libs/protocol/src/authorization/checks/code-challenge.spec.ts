import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import type { Client } from '../../client.js';
import { checkCodeChallenge } from './code-challenge.js';

const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('checkCodeChallenge', () => {
  it('takes a challenge of S256', () => {
    const result = checkCodeChallenge(checkContext({ code_challenge, code_challenge_method: 'S256' }));
    expect(result).toEqual({ ok: true, value: code_challenge });
  });

  it('lets a confidential client do without, where its policy does not ask for it', () => {
    expect(checkCodeChallenge(checkContext({}))).toEqual({ ok: true, value: undefined });
  });

  it.each<[string, Partial<Client>]>([
    ['a public client', { tokenEndpointAuthMethod: 'none' }],
    ['a client whose policy asks for it', { requirePkce: true }],
    ['a client of FAPI 2.0', { profile: 'fapi2-security' }],
  ])('requires one of %s', (_what, client) => {
    expect(checkCodeChallenge(checkContext({}, client))).toMatchObject({
      ok: false,
      error: { error: 'invalid_request', errorDescription: 'A code_challenge is required' },
    });
  });

  it('asks nothing of a request that brings no code', () => {
    const context = checkContext({ response_type: 'id_token' }, { tokenEndpointAuthMethod: 'none' });
    expect(checkCodeChallenge(context)).toEqual({ ok: true, value: undefined });
  });

  it.each<[string, Record<string, string>]>([
    ['plain', { code_challenge, code_challenge_method: 'plain' }],
    ['no method, which means plain', { code_challenge }],
    ['a method of another case', { code_challenge, code_challenge_method: 's256' }],
    ['a method without challenge', { code_challenge_method: 'S256' }],
    ['a short challenge', { code_challenge: 'x'.repeat(42), code_challenge_method: 'S256' }],
    ['a long challenge', { code_challenge: 'x'.repeat(129), code_challenge_method: 'S256' }],
    ['a challenge with padding', { code_challenge: `${code_challenge}=`, code_challenge_method: 'S256' }],
  ])('refuses %s', (_what, parameters) => {
    expect(checkCodeChallenge(checkContext(parameters))).toMatchObject({
      ok: false,
      error: { error: 'invalid_request' },
    });
  });
});
