import { describe, expect, it } from '@jest/globals';
import { aClient, aPublicClient } from '../test/fixtures.js';
import { clientPolicy } from './client-policy.js';

describe('clientPolicy', () => {
  it.each([
    ['a confidential client', aClient(), false, false, false],
    ['a confidential client that asks for PKCE', aClient({ requirePkce: true }), true, false, false],
    ['a public client', aPublicClient(), true, false, false],
    ['a client of DPoP-bound tokens', aClient({ dpopBoundAccessTokens: true }), false, false, true],
    ['FAPI 2.0 security profile', aClient({ profile: 'fapi2-security' }), true, true, true],
    ['FAPI 2.0 message signing', aClient({ profile: 'fapi2-message-signing' }), true, true, true],
  ] as const)('%s', (_what, client, requirePkce, requirePushedRequest, requireDpop) => {
    expect(clientPolicy(client)).toEqual({
      requirePkce,
      requirePushedRequest,
      codeAlone: requirePushedRequest,
      requireDpop,
    });
  });
});
