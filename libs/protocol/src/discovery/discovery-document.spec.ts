import { describe, expect, it } from '@jest/globals';
import { ISSUER } from '../../test/fixtures.js';
import { discoveryDocument } from './discovery-document.js';
import type { DiscoveryInput } from './discovery-document.js';

const input: DiscoveryInput = {
  issuer: ISSUER,
  endpoints: {
    authorization: `${ISSUER}/authorize`,
    token: `${ISSUER}/token`,
    jwks: `${ISSUER}/jwks`,
    userinfo: `${ISSUER}/userinfo`,
    introspection: `${ISSUER}/introspect`,
    revocation: `${ISSUER}/revoke`,
    pushedAuthorizationRequest: `${ISSUER}/par`,
    endSession: `${ISSUER}/logout`,
    checkSession: `${ISSUER}/check-session`,
    deviceAuthorization: `${ISSUER}/device_authorization`,
  },
  scopes: ['openid', 'profile'],
  claims: ['sub', 'name'],
  acrValues: ['urn:signet:acr:password'],
  uiLocales: ['en', 'de'],
};
const document = discoveryDocument(input);

// oidcc-discovery-endpoint-verification
describe('discoveryDocument', () => {
  it('has every member that OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2 require', () => {
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining([
        'issuer',
        'authorization_endpoint',
        'token_endpoint',
        'jwks_uri',
        'response_types_supported',
        'subject_types_supported',
        'id_token_signing_alg_values_supported',
      ]),
    );
  });

  it('names what is supported and no more', () => {
    const confidential = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'];
    const ofClients = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
    expect(document).toMatchObject({
      issuer: ISSUER,
      response_types_supported: [
        'code',
        'id_token',
        'id_token token',
        'code id_token',
        'code token',
        'code id_token token',
      ],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      grant_types_supported: [
        'authorization_code',
        'implicit',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA', 'none'],
      id_token_encryption_alg_values_supported: ['RSA-OAEP-256', 'ECDH-ES'],
      id_token_encryption_enc_values_supported: ['A128CBC-HS256', 'A256GCM'],
      userinfo_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      userinfo_encryption_alg_values_supported: ['RSA-OAEP-256', 'ECDH-ES'],
      userinfo_encryption_enc_values_supported: ['A128CBC-HS256', 'A256GCM'],
      token_endpoint_auth_methods_supported: [...confidential, 'none'],
      token_endpoint_auth_signing_alg_values_supported: [...ofClients, 'HS256', 'HS384', 'HS512'],
      introspection_endpoint_auth_methods_supported: confidential,
      revocation_endpoint_auth_methods_supported: [...confidential, 'none'],
      code_challenge_methods_supported: ['S256'],
      dpop_signing_alg_values_supported: ofClients,
      authorization_response_iss_parameter_supported: true,
      claims_parameter_supported: true,
      ui_locales_supported: ['en', 'de'],
      display_values_supported: ['page', 'popup', 'touch'],
      check_session_iframe: `${ISSUER}/check-session`,
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: true,
      require_request_uri_registration: true,
      require_pushed_authorization_requests: false,
      request_object_signing_alg_values_supported: [...ofClients, 'none'],
      request_object_encryption_alg_values_supported: ['RSA-OAEP-256', 'ECDH-ES'],
      request_object_encryption_enc_values_supported: ['A128CBC-HS256', 'A256GCM'],
    });
    expect(document).not.toHaveProperty('registration_endpoint');
    expect(document).not.toHaveProperty('claims_locales_supported');
  });

  // RFC 8414 section 3.2
  it('leaves out what has no elements', () => {
    expect(discoveryDocument({ ...input, scopes: [] })).not.toHaveProperty('scopes_supported');
  });

  it('holds URLs of the issuer alone', () => {
    const urls = Object.entries(document).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
    expect(urls).toHaveLength(9);
    for (const [, url] of urls) expect(String(url).startsWith(`${ISSUER}/`)).toBe(true);
  });

  it('is JSON without holes', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
