import { describe, expect, it } from '@jest/globals';
import type { DeclaredClient } from '@signet/contracts';
import { digests } from '@signet/keys';
import { subjectFor } from '@signet/protocol';
import { aDeclaredClient } from '../../../test/declarations.js';
import type { ClientRules } from './client-check.js';
import { clientFaults } from './client-faults.js';

const production: ClientRules = { mode: 'production', outboundAllow: ['http://10.0.0.1:3001'] };
const development: ClientRules = { mode: 'development', outboundAllow: [] };

const client = (changed: Partial<DeclaredClient>) => aDeclaredClient({ introspects: [], ...changed });
const faultsOf = (changed: Partial<DeclaredClient>, rules = production) =>
  clientFaults(client(changed), rules).map(({ path, message }) => `${path.join('.')} ${message}`);

const implicit: Partial<DeclaredClient> = { grantTypes: ['implicit'], responseTypes: ['id_token'] };
const hybrid: Partial<DeclaredClient> = {
  grantTypes: ['authorization_code', 'implicit'],
  responseTypes: ['code id_token', 'code id_token token'],
};
const publicKey = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const keys = { jwks: { keys: [publicKey] } };
const privateKeyJwt: Partial<DeclaredClient> = { tokenEndpointAuthMethod: 'private_key_jwt', secretHashes: [] };

// The rules come by rest parameter: Jest would give a third named one `done` in a row of two.
describe('clientFaults', () => {
  it.each<[string, Partial<DeclaredClient>, ClientRules?]>([
    ['the code flow', {}],
    ['an id one longer than a pairwise subject', { clientId: `${digests.sha256('somebody')}-` }],
    ['the implicit flow over https', implicit],
    ['the hybrid flow', hybrid],
    ['http on this machine, for trying out', { redirectUris: ['http://localhost/', 'http://127.0.0.1/'] }, development],
    ['implicit on localhost, for trying out', { ...implicit, redirectUris: ['http://localhost:3001/cb'] }, development],
    [
      'implicit on https localhost, for trying out',
      { ...implicit, redirectUris: ['https://localhost/cb'] },
      development,
    ],
    [
      'a native client',
      {
        applicationType: 'native',
        redirectUris: ['com.example.app:/cb', 'http://127.0.0.1/cb', 'https://app.example/cb'],
      },
    ],
    ['private_key_jwt with keys', { ...privateKeyJwt, ...keys, tokenEndpointAuthSigningAlg: 'PS256' }],
    ['private_key_jwt with a place of keys', { ...privateKeyJwt, jwksUri: 'https://shop.example/jwks' }],
    ['keys at an allowed origin', { ...privateKeyJwt, jwksUri: 'http://10.0.0.1:3001/jwks' }],
    ['client_secret_jwt', { tokenEndpointAuthMethod: 'client_secret_jwt', sealedSecrets: ['AAAA'] }],
    [
      'encryption with keys',
      { ...keys, idTokenEncryptedResponseAlg: 'ECDH-ES', idTokenEncryptedResponseEnc: 'A256GCM' },
    ],
    ['an unsigned ID token of the code flow', { idTokenSignedResponseAlg: 'none' }],
    ['unsigned request objects', { requestObjectSigningAlg: 'none' }],
    ['pairwise subjects of one host', { subjectType: 'pairwise' }],
    [
      'pairwise subjects of a client that is on no host',
      {
        subjectType: 'pairwise',
        applicationType: 'native',
        redirectUris: ['com.example.app:/cb', 'http://127.0.0.1/cb', 'http://[::1]/cb'],
      },
    ],
    [
      'pairwise subjects of a sector',
      {
        subjectType: 'pairwise',
        redirectUris: ['https://a.example/', 'https://b.example/'],
        sectorIdentifierUri: 'https://a.example/sector',
      },
    ],
    [
      'links, with a fragment',
      { policyUri: 'https://shop.example/legal#privacy', tosUri: 'https://shop.example/terms' },
    ],
    ['localised members', { localized: { 'client_name#fr': 'Boutique', 'tos_uri#fr': 'https://shop.example/cgu' } }],
    ['login by a third party', { initiateLoginUri: 'https://shop.example/login' }],
    ['front-channel logout', { frontchannelLogoutUri: 'https://shop.example/logout?from=signet' }],
    ['back-channel logout', { backchannelLogoutUri: 'https://logout.shop.example/?from=signet' }],
    ['back-channel logout at an allowed origin', { backchannelLogoutUri: 'http://10.0.0.1:3001/logout' }],
    [
      'logout on this machine, for trying out',
      {
        redirectUris: ['http://localhost:3001/callback'],
        frontchannelLogoutUri: 'http://localhost:3001/front',
        backchannelLogoutUri: 'http://127.0.0.1:3001/back',
      },
      development,
    ],
    [
      'device codes',
      {
        grantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        responseTypes: [],
        redirectUris: [],
      },
    ],
  ])('finds nothing in %s', (_, ...[changed, rules]) => {
    expect(faultsOf(changed, rules)).toEqual([]);
  });

  it.each<[string, Partial<DeclaredClient>, ClientRules?]>([
    ['grantTypes are none', { grantTypes: [], responseTypes: [] }],
    [
      'responseTypes code and the grant type authorization_code need each other',
      { ...hybrid, grantTypes: ['implicit'] },
    ],
    [
      'responseTypes id_token or token and the grant type implicit need each other',
      { ...hybrid, grantTypes: ['authorization_code'] },
    ],
    ['responseTypes id_token or token and the grant type implicit need each other', { ...implicit, responseTypes: [] }],
    ['redirectUris implicit needs at least one', { ...implicit, redirectUris: [] }],
    ['redirectUris.0 is http, which is for native clients alone', { redirectUris: ['http://localhost/cb'] }],
    ['redirectUris.0 is http, which is for native clients alone', { redirectUris: ['http://127.0.0.1:3000/cb'] }],
    [
      'redirectUris.1 is http, which is for native clients alone',
      { applicationType: 'web', redirectUris: ['https://a.example/', 'http://[::1]/cb'] },
    ],
    [
      'redirectUris.0 is http, which is for native clients alone',
      { ...implicit, redirectUris: ['http://localhost/cb'] },
    ],
    ['redirectUris.0 is http, and not of this machine', { redirectUris: ['http://a.example/'] }],
    [
      'redirectUris.0 is http, and not of this machine',
      { applicationType: 'native', redirectUris: ['http://a.example/'] },
    ],
    [
      'redirectUris.0 must be https for a web client of the implicit flow',
      { ...implicit, redirectUris: ['com.example.app:/cb'] },
      development,
    ],
    [
      'redirectUris.1 may not be localhost for a web client of the implicit flow',
      { ...implicit, redirectUris: ['https://a.example/', 'https://localhost/cb'] },
    ],
    [
      'redirectUris.0 must be http where a native client listens on loopback',
      { applicationType: 'native', redirectUris: ['https://127.0.0.1/cb'] },
    ],
    ['secretHashes private_key_jwt has no secret', { tokenEndpointAuthMethod: 'private_key_jwt', ...keys }],
    ['jwks private_key_jwt needs jwks or jwks_uri', privateKeyJwt],
    ['jwks and jwks_uri may not both be there', { ...keys, jwksUri: 'https://shop.example/jwks' }],
    ['jwks has a private key', { jwks: { keys: [publicKey, { ...publicKey, d: 'AQAB' }] } }],
    [
      'jwks has an RSA key of more than 4096 bits, or with an exponent of more than 4 bytes',
      { jwks: { keys: [{ kty: 'RSA', n: 'A'.repeat(1_366), e: 'AQAB' }] } },
    ],
    ['jwks has a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'AQAB' }] } }],
    ['sealedSecrets client_secret_jwt needs one for each secret', { tokenEndpointAuthMethod: 'client_secret_jwt' }],
    ['sealedSecrets client_secret_basic needs none', { sealedSecrets: ['AAAA'] }],
    [
      'tokenEndpointAuthSigningAlg is none of private_key_jwt',
      { ...privateKeyJwt, ...keys, tokenEndpointAuthSigningAlg: 'HS256' },
    ],
    [
      'tokenEndpointAuthSigningAlg is none of client_secret_jwt',
      { tokenEndpointAuthMethod: 'client_secret_jwt', sealedSecrets: ['AAAA'], tokenEndpointAuthSigningAlg: 'RS256' },
    ],
    ['requestObjectSigningAlg a signed request object needs jwks or jwks_uri', { requestObjectSigningAlg: 'RS256' }],
    [
      'userinfoEncryptedResponseAlg an encrypted userinfo response needs jwks or jwks_uri',
      { userinfoEncryptedResponseAlg: 'ECDH-ES' },
    ],
    ['idTokenEncryptedResponseEnc needs the algorithm of its key', { idTokenEncryptedResponseEnc: 'A256GCM' }],
    ['requestObjectEncryptionEnc needs the algorithm of its key', { requestObjectEncryptionEnc: 'A256GCM' }],
    [
      'idTokenSignedResponseAlg may not be none where the authorization endpoint returns ID tokens',
      { ...hybrid, idTokenSignedResponseAlg: 'none' },
    ],
    [
      'idTokenEncryptedResponseAlg an unsigned ID token is not encrypted',
      { ...keys, idTokenSignedResponseAlg: 'none', idTokenEncryptedResponseAlg: 'ECDH-ES' },
    ],
    [
      'requestObjectSigningAlg is none, and request objects must be signed',
      { requireSignedRequestObject: true, requestObjectSigningAlg: 'none' },
    ],
    // RFC 9700 section 4.15
    ['clientId has the form of a pairwise subject', { clientId: digests.sha256('somebody') }],
    ['policyUri is not https', { policyUri: 'javascript:alert(1)' }, development],
    ['tosUri is not https', { tosUri: 'http://localhost/terms' }],
    ['tosUri is http, and not of this machine', { tosUri: 'http://a.example/terms' }, development],
    ['clientUri has user information', { clientUri: 'https://shop.example@evil.example/' }],
    ['localized.policy_uri#de is not https', { localized: { 'policy_uri#de': 'data:text/html,x' } }],
    ['logoUri is not https', { logoUri: 'http://localhost/logo.png' }, development],
    ['jwksUri is not https', { jwksUri: 'file:///etc/passwd' }],
    ['requestUris.0 is not https', { requestUris: ['http://shop.example/request'] }],
    ['requestUris.0 is not an absolute URI', { requestUris: ['/request'] }],
    ['initiateLoginUri is not https', { initiateLoginUri: 'http://localhost/login' }, development],
    [
      'frontchannelLogoutUri has not the scheme, host and port of a redirect URI',
      { frontchannelLogoutUri: 'https://evil.example/' },
    ],
    [
      'frontchannelLogoutUri has not the scheme, host and port of a redirect URI',
      { frontchannelLogoutUri: 'https://shop.example:8443/' },
    ],
    [
      'frontchannelLogoutUri has not the scheme, host and port of a redirect URI',
      { frontchannelLogoutUri: 'http://localhost/', redirectUris: ['https://localhost/'] },
    ],
    ['frontchannelLogoutUri has a fragment', { frontchannelLogoutUri: 'https://shop.example/#x' }],
    [
      'frontchannelLogoutUri is no web address',
      {
        frontchannelLogoutUri: 'com.example.app:/out',
        redirectUris: ['com.example.app:/cb'],
        applicationType: 'native',
      },
    ],
    ['backchannelLogoutUri is not https', { backchannelLogoutUri: 'http://localhost/logout' }],
    ['backchannelLogoutUri is not https', { backchannelLogoutUri: 'http://shop.example/logout' }, development],
    ['backchannelLogoutUri is not https', { backchannelLogoutUri: 'com.example.app:/out' }],
    ['backchannelLogoutUri has a fragment', { backchannelLogoutUri: 'https://shop.example/#x' }],
    ['backchannelLogoutUri has user information', { backchannelLogoutUri: 'https://a:b@shop.example/' }],
    ['sectorIdentifierUri is not https', { sectorIdentifierUri: 'http://a.example/sector' }],
    [
      'sectorIdentifierUri is needed: pairwise subjects, and redirect URIs that are not all at one host',
      { subjectType: 'pairwise', redirectUris: ['https://a.example/', 'https://b.example/'] },
    ],
    [
      'sectorIdentifierUri is needed: pairwise subjects, and redirect URIs that are not all at one host',
      { subjectType: 'pairwise', redirectUris: ['https://a.example/', 'com.example.app://a.example/'] },
    ],
  ])('finds: %s', (fault, ...[changed, rules]) => {
    expect(faultsOf(changed, rules)).toEqual([fault]);
  });
});

it('no pairwise subject may be a client_id, whatever it is made of', () => {
  const pairwise = { ...client({}), subjectType: 'pairwise' } as const;
  for (const pairwiseSeed of ['', 'seed', 'x'.repeat(100)]) {
    const clientId = subjectFor({ sub: 'alice', pairwiseSeed }, pairwise, digests);
    expect(faultsOf({ clientId })).toEqual(['clientId has the form of a pairwise subject']);
  }
});
