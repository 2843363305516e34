import { describe, expect, it } from '@jest/globals';
import { assertionAlgorithms } from './assertion-algorithms.js';

describe('assertionAlgorithms', () => {
  it.each([
    ['private_key_jwt', undefined, ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']],
    ['private_key_jwt', 'EdDSA', ['EdDSA']],
    ['private_key_jwt', 'Ed25519', ['Ed25519']],
    ['private_key_jwt', 'ES256', ['ES256']],
    ['private_key_jwt', 'HS256', []],
    ['client_secret_jwt', undefined, ['HS256', 'HS384', 'HS512']],
    ['client_secret_jwt', 'HS512', ['HS512']],
    ['client_secret_jwt', 'RS256', []],
    ['client_secret_basic', undefined, []],
    ['none', undefined, []],
  ] as const)('of %s with %s', (tokenEndpointAuthMethod, tokenEndpointAuthSigningAlg, algorithms) => {
    expect(assertionAlgorithms({ tokenEndpointAuthMethod, tokenEndpointAuthSigningAlg })).toEqual(algorithms);
  });
});
