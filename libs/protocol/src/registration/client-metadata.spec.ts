import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { clientSchema } from '../client.js';
import {
  clientMetadataOf,
  clientMetadataSchema,
  declaredMetadata,
  registeredMetadata,
  wireMetadataOf,
  wireNameOf,
} from './client-metadata.js';
import { clientNameIn, localizedMember, localizedValue } from './localized-metadata.js';

const fallback = { name: 'shop', scopes: ['openid'] };
const parse = (wire: object) => clientMetadataOf(registeredMetadata.parse(wire), fallback);

/** Every member, with a value that is not its default. */
const whole = {
  client_name: 'Shop',
  'client_name#fr-CA': 'Boutique',
  client_uri: 'https://shop.example/',
  logo_uri: 'https://shop.example/logo.png',
  policy_uri: 'https://shop.example/policy',
  'policy_uri#fr': 'https://shop.example/politique',
  tos_uri: 'https://shop.example/terms',
  contacts: ['ops@shop.example'],
  application_type: 'native',
  redirect_uris: ['https://shop.example/cb'],
  post_logout_redirect_uris: ['https://shop.example/'],
  grant_types: ['authorization_code', 'implicit'],
  response_types: ['code id_token'],
  scope: 'openid email',
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'PS256',
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AQAB' }] },
  jwks_uri: 'https://shop.example/jwks',
  subject_type: 'pairwise',
  sector_identifier_uri: 'https://shop.example/sector',
  id_token_signed_response_alg: 'ES256',
  id_token_encrypted_response_alg: 'RSA-OAEP-256',
  id_token_encrypted_response_enc: 'A256GCM',
  userinfo_signed_response_alg: 'EdDSA',
  userinfo_encrypted_response_alg: 'ECDH-ES',
  userinfo_encrypted_response_enc: 'A256GCM',
  request_object_signing_alg: 'RS256',
  request_object_encryption_alg: 'ECDH-ES',
  request_object_encryption_enc: 'A256GCM',
  default_max_age: 60,
  require_auth_time: true,
  default_acr_values: ['1'],
  initiate_login_uri: 'https://shop.example/login',
  request_uris: ['https://shop.example/request'],
  require_pushed_authorization_requests: true,
  require_signed_request_object: true,
  dpop_bound_access_tokens: true,
  frontchannel_logout_uri: 'https://shop.example/front',
  frontchannel_logout_session_required: true,
  backchannel_logout_uri: 'https://shop.example/back',
  backchannel_logout_session_required: true,
  software_id: 'shop',
  software_version: '1',
};

describe('clientMetadataOf and wireMetadataOf', () => {
  it('carry every member there and back', () => {
    const client = parse(whole);
    expect(wireMetadataOf(client)).toEqual(whole);
    // How it came to be registered is not the client's to say.
    const ofClients = Object.keys(clientMetadataSchema.shape).filter((name) => name !== 'registration');
    expect(Object.keys(client).sort()).toEqual(ofClients.sort());
  });

  it('have the defaults of the specifications', () => {
    expect(wireMetadataOf(parse({ redirect_uris: ['https://shop.example/cb'] }))).toEqual({
      client_name: 'shop',
      redirect_uris: ['https://shop.example/cb'],
      post_logout_redirect_uris: [],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'RS256',
      require_auth_time: false,
      scope: 'openid',
    });
    expect(parse({ grant_types: ['client_credentials'] }).responseTypes).toEqual([]);
  });

  it('take the words of a response type in any order, and each scope once', () => {
    const client = parse({ response_types: ['token id_token code', 'id_token code'], scope: ' a b  a ' });
    expect(client.responseTypes).toEqual(['code id_token token', 'code id_token']);
    expect(client.scopes).toEqual(['a', 'b']);
  });

  it('name members as the wire does', () => {
    expect(wireNameOf('scopes')).toBe('scope');
    for (const member of Object.keys(clientSchema.shape)) {
      expect(wireNameOf(member)).toBe(wireNameOf(wireNameOf(member)));
    }
  });
});

describe('registeredMetadata', () => {
  it('ignores what it does not know', () => {
    const wire = { client_name: 'Shop', consent: 'first_party', localized: { 'client_name#fr': 'X' }, 'scope#fr': 'x' };
    expect(registeredMetadata.parse(wire)).toEqual({ client_name: 'Shop' });
  });

  it.each<[string, unknown]>([
    ['no object', []],
    ['null', null],
    ['a string for a list', { redirect_uris: 'https://a.example/' }],
    ['a number in a list', { redirect_uris: [1] }],
    ['a long list', { redirect_uris: Array.from({ length: 51 }, (_, at) => `https://a.example/${at}`) }],
    ['an unknown grant type', { grant_types: ['password'] }],
    ['an unknown response type', { response_types: ['token'] }],
    ['an unknown method', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['an unsafe algorithm', { id_token_signed_response_alg: 'HS256' }],
    ['a name without text', { client_name: '' }],
    ['keys that are none', { jwks: { keys: [{}] } }],
    ['many keys', { jwks: { keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) } }],
    ['a localised URI that is none', { 'tos_uri#fr': 'terms' }],
    ['a localised name that is no text', { 'client_name#fr': 1 }],
  ])('refuses %s', (_, wire) => {
    expect(registeredMetadata.safeParse(wire).success).toBe(false);
  });
});

describe('declaredMetadata', () => {
  const schema = declaredMetadata({ client_id: z.string() });

  it('has the same members and some of its own, and refuses others', () => {
    expect(schema.parse({ client_id: 'a', 'client_name#fr': 'B' })).toEqual({
      client_id: 'a',
      localized: { 'client_name#fr': 'B' },
    });
    expect(schema.safeParse({ client_id: 'a', admin: true }).success).toBe(false);
    expect(schema.safeParse({ client_id: 'a', localized: { 'client_name#fr': 'B' } }).success).toBe(false);
    expect(schema.safeParse({ client_id: 'a', 'client_id#fr': 'B' }).success).toBe(false);
  });
});

describe('localizedValue', () => {
  const localized = { 'client_name#fr-CA': 'du Québec', 'client_name#fr': 'de France', 'client_name#de-AT': 'Wien' };

  it.each([
    ['fr', 'de France'],
    ['de', 'Wien'],
    ['en', undefined],
  ])('for %s', (language, value) => {
    expect(localizedValue(localized, 'client_name', language)).toBe(value);
    expect(localizedValue(localized, 'tos_uri', language)).toBeUndefined();
  });

  it('is that of the plain language before one of its regions; a name falls back to the one for all', () => {
    expect(localizedMember(localized, 'client_name', 'fr')).toBe('client_name#fr');
    expect(clientNameIn({ name: 'Shop', localized }, 'de')).toBe('Wien');
    expect(clientNameIn({ name: 'Shop', localized }, 'en')).toBe('Shop');
    expect(clientNameIn({ name: 'Shop' }, 'de')).toBe('Shop');
  });
});
