import { describe, expect, it } from '@jest/globals';
import { aClient } from '../../test/fixtures.js';
import { requestObjectAlgorithms } from './object-algorithms.js';

const all = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

describe('requestObjectAlgorithms', () => {
  it.each([
    [{}, all, false],
    [{ requestObjectSigningAlg: 'ES256' }, ['ES256'], false],
    [{ requestObjectSigningAlg: 'EdDSA' }, ['EdDSA'], false],
    [{ requestObjectSigningAlg: 'Ed25519' }, ['Ed25519'], false],
    [{ requestObjectSigningAlg: 'none' }, all, true],
    [{ requestObjectSigningAlg: 'none', requireSignedRequestObject: true }, all, false],
    [{ requestObjectSigningAlg: 'none', profile: 'fapi2-message-signing' }, all, false],
  ] as const)('of a client with %j', (client, signed, unsecured) => {
    expect(requestObjectAlgorithms(aClient(client))).toEqual({ signed, unsecured });
  });
});
