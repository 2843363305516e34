import { describe, expect, it } from '@jest/globals';
import { API, ISSUER, NOW, SECOND, aClient, aPublicClient } from '../../test/fixtures.js';
import { mayRevoke } from '../revocation/revocation.js';
import { requestParameters } from '../parameters.js';
import { ensureMayIntrospect, introspectionResponse, presentedToken } from './introspection.js';
import type { LiveToken } from './introspection.js';

const token: LiveToken = {
  type: 'access_token',
  issuer: ISSUER,
  clientId: 'shop',
  sub: 'sub-alice',
  scopes: ['openid', 'demo:read'],
  audience: [API, ISSUER],
  issuedAt: NOW,
  expiresAt: NOW + 300 * SECOND,
  tokenId: 'jti-1',
  authTime: NOW - SECOND,
  acr: 'urn:signet:acr:password',
  amr: ['pwd'],
};
const refreshToken: LiveToken = {
  type: 'refresh_token',
  issuer: ISSUER,
  clientId: 'shop',
  sub: 'sub-alice',
  scopes: ['openid'],
  audience: [API],
};

describe('introspectionResponse', () => {
  it('shows a token to the client that it was issued to', () => {
    expect(introspectionResponse(aClient(), token)).toEqual({
      active: true,
      iss: ISSUER,
      client_id: 'shop',
      sub: 'sub-alice',
      scope: 'openid demo:read',
      aud: [API, ISSUER],
      token_type: 'Bearer',
      exp: NOW / SECOND + 300,
      iat: NOW / SECOND,
      jti: 'jti-1',
      auth_time: NOW / SECOND - 1,
      acr: 'urn:signet:acr:password',
      amr: ['pwd'],
    });
  });

  // RFC 9449 section 6.2
  it('shows the key that a token is bound to', () => {
    expect(introspectionResponse(aClient(), { ...token, jkt: 'thumbprint' })).toMatchObject({
      token_type: 'DPoP',
      cnf: { jkt: 'thumbprint' },
    });
    expect(introspectionResponse(aClient(), token)).not.toHaveProperty('cnf');
  });

  it('leaves out what there is not', () => {
    expect(introspectionResponse(aClient(), refreshToken)).toEqual({
      active: true,
      iss: ISSUER,
      client_id: 'shop',
      sub: 'sub-alice',
      scope: 'openid',
      aud: API,
    });
    expect(introspectionResponse(aClient(), { ...token, scopes: [] })).not.toHaveProperty('scope');
  });

  it('shows an access token to an introspector of one of its audiences', () => {
    const api = aClient({ clientId: 'api', introspects: [API] });
    expect(introspectionResponse(api, token).active).toBe(true);
  });

  it.each<[string, string[], LiveToken | undefined]>([
    ['there is none', [API], undefined],
    ['it is somebody else’s', [], token],
    ['it is for another audience', ['https://other.example'], token],
    ['it is a refresh token of another client', [API], refreshToken],
  ])('says inactive, and nothing else, where %s', (_what, introspects, live) => {
    expect(introspectionResponse(aClient({ clientId: 'api', introspects }), live)).toEqual({ active: false });
  });
});

describe('presentedToken', () => {
  it.each<[Record<string, string>, unknown]>([
    [{ token: 't' }, { token: 't' }],
    [
      { token: 't', token_type_hint: 'refresh_token' },
      { token: 't', hint: 'refresh_token' },
    ],
    [
      { token: 't', token_type_hint: 'access_token' },
      { token: 't', hint: 'access_token' },
    ],
    [{ token: 't', token_type_hint: 'id_token' }, { token: 't' }],
  ])('reads %j', (parameters, value) => {
    expect(presentedToken(requestParameters(parameters))).toEqual({ ok: true, value });
  });

  it('answers invalid_request where there is none', () => {
    expect(presentedToken(requestParameters({ token_type_hint: 'access_token' }))).toMatchObject({
      ok: false,
      error: { error: 'invalid_request' },
    });
  });
});

describe('who may ask', () => {
  it('introspection is for confidential clients', () => {
    expect(ensureMayIntrospect(aClient()).ok).toBe(true);
    expect(ensureMayIntrospect(aPublicClient())).toMatchObject({
      ok: false,
      error: { error: 'invalid_client', status: 401 },
    });
  });

  it('a client revokes its own tokens, public or not, and no others', () => {
    expect(mayRevoke(aPublicClient(), { clientId: 'spa' })).toBe(true);
    expect(mayRevoke(aClient(), { clientId: 'spa' })).toBe(false);
  });
});
