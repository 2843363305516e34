import { describe, expect, it } from '@jest/globals';
import type { ResourceServer, SigningAlgorithm } from '@signet/protocol';
import { accessTokenAlg } from './signing-algs.js';

const server = (identifier: string, accessTokenAlg?: SigningAlgorithm): ResourceServer => ({
  identifier,
  scopes: [],
  ...(accessTokenAlg && { accessTokenAlg }),
});
const servers = [server('rsa', 'RS256'), server('rsa-too', 'RS256'), server('ed', 'EdDSA'), server('any')];

describe('accessTokenAlg', () => {
  it.each<[string, SigningAlgorithm | undefined, string[], SigningAlgorithm]>([
    ['the issuer alone', undefined, ['issuer'], 'ES256'],
    ['one resource server', undefined, ['rsa'], 'RS256'],
    ['one and the issuer', undefined, ['rsa', 'issuer'], 'RS256'],
    ['two that agree', undefined, ['rsa', 'rsa-too'], 'RS256'],
    ['two that do not', undefined, ['rsa', 'ed'], 'ES256'],
    ['one without a choice', undefined, ['any'], 'ES256'],
    ['the choice of the client', 'PS256', ['rsa'], 'PS256'],
  ])('%s', (_case, ofClient, audience, expected) => {
    expect(accessTokenAlg({ accessTokenAlg: ofClient }, audience, servers)).toBe(expected);
  });
});
