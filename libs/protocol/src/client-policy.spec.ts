import { describe, expect, it } from '@jest/globals';
import { aClient, aPublicClient } from '../test/fixtures.js';
import { clientPolicy } from './client-policy.js';

describe('clientPolicy', () => {
  const lax = {
    requirePkce: false,
    requirePushedRequest: false,
    requireSignedRequestObject: false,
    datedRequestObject: false,
    issuerAudienceAlone: false,
    codeAlone: false,
    requireDpop: false,
  };
  const fapi = {
    requirePkce: true,
    requirePushedRequest: true,
    issuerAudienceAlone: true,
    codeAlone: true,
    requireDpop: true,
  };

  it.each([
    ['a confidential client', aClient(), {}],
    ['a confidential client that asks for PKCE', aClient({ requirePkce: true }), { requirePkce: true }],
    ['a public client', aPublicClient(), { requirePkce: true }],
    ['one that must push', aClient({ requirePushedAuthorizationRequests: true }), { requirePushedRequest: true }],
    ['one that must sign', aClient({ requireSignedRequestObject: true }), { requireSignedRequestObject: true }],
    ['one of DPoP-bound tokens', aClient({ dpopBoundAccessTokens: true }), { requireDpop: true }],
    ['FAPI 2.0 security profile', aClient({ profile: 'fapi2-security' }), fapi],
    [
      'FAPI 2.0 message signing',
      aClient({ profile: 'fapi2-message-signing' }),
      { ...fapi, requireSignedRequestObject: true, datedRequestObject: true },
    ],
  ] as const)('%s', (_what, client, policy) => {
    expect(clientPolicy(client)).toEqual({ ...lax, ...policy });
  });
});
