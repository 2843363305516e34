import { describe, expect, it } from '@jest/globals';
import { accessTokenClaims, accessTokenClaimsSchema } from './access-token-claims.js';
import type { AccessTokenInput } from './access-token-claims.js';
import { idTokenClaims } from './id-token-claims.js';
import { formatPrivateClaim, parsePrivateClaim, privateClaimContext } from './private-claim.js';

/** Micros, late in a second: seconds are rounded down. */
const NOW = 1_767_225_600_999_999;

describe('idTokenClaims', () => {
  const input = {
    issuer: 'https://id.example',
    sub: 'sub-alice',
    clientId: 'shop',
    issuedAt: NOW,
    expiresAt: NOW + 300_000_000,
    authTime: NOW - 10_000_000,
  };
  const least = {
    iss: 'https://id.example',
    sub: 'sub-alice',
    aud: 'shop',
    iat: 1_767_225_600,
    exp: 1_767_225_900,
    auth_time: 1_767_225_590,
  };

  it('has what must be there, and nothing empty', () => {
    expect(idTokenClaims(input)).toEqual(least);
    expect(Object.keys(idTokenClaims({ ...input, amr: [] }))).toEqual(Object.keys(idTokenClaims(input)));
  });

  it('has what it is given', () => {
    const more = { nonce: 'n', acr: 'urn:a', amr: ['pwd'], sid: 's', atHash: 'a', cHash: 'c', sHash: 'h' };
    expect(idTokenClaims({ ...input, ...more })).toEqual({
      ...least,
      nonce: 'n',
      acr: 'urn:a',
      amr: ['pwd'],
      sid: 's',
      at_hash: 'a',
      c_hash: 'c',
      s_hash: 'h',
    });
  });

  it('tells of the account beside what it says of itself, and never instead', () => {
    const account = { name: 'Alice', sub: 'another', nonce: 'forged' };
    expect(idTokenClaims({ ...input, account })).toMatchObject({ ...least, name: 'Alice' });
    expect(idTokenClaims({ ...input, account, nonce: 'n' }).nonce).toBe('n');
  });
});

describe('accessTokenClaims', () => {
  const input: AccessTokenInput = {
    issuer: 'https://id.example',
    sub: 'sub-alice',
    audience: ['https://api.example'],
    clientId: 'shop',
    issuedAt: NOW,
    expiresAt: NOW + 300_000_000,
    tokenId: 'jti-1',
    scopes: ['openid', 'demo:read'],
    authTime: NOW - 10_000_000,
    acr: 'urn:a',
    amr: ['pwd'],
    sealed: 'AQ',
  };

  it('has what RFC 9068 section 2.2 asks for', () => {
    expect(accessTokenClaims(input)).toEqual({
      iss: 'https://id.example',
      sub: 'sub-alice',
      aud: 'https://api.example',
      client_id: 'shop',
      iat: 1_767_225_600,
      exp: 1_767_225_900,
      jti: 'jti-1',
      scope: 'openid demo:read',
      auth_time: 1_767_225_590,
      acr: 'urn:a',
      amr: ['pwd'],
      sgt: 'AQ',
    });
  });

  it('speaks of no authentication where there was none, and of no scope', () => {
    const nobody = { authTime: undefined, acr: undefined, amr: undefined };
    const claims = accessTokenClaims({ ...input, ...nobody, sub: 'shop', scopes: [] });
    expect(Object.keys(claims).sort()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'sgt', 'sub']);
  });

  it('names several audiences as a list, and insists on one', () => {
    expect(accessTokenClaims({ ...input, audience: ['a', 'b'] }).aud).toEqual(['a', 'b']);
    expect(() => accessTokenClaims({ ...input, audience: [] })).toThrow(TypeError);
  });

  it('is read back by its schema', () => {
    const claims = accessTokenClaims(input);
    expect(accessTokenClaimsSchema.parse(JSON.parse(JSON.stringify(claims)))).toEqual(claims);
  });

  it.each(['iss', 'sub', 'aud', 'client_id', 'exp', 'iat', 'jti', 'sgt'])('is none without %s', (name) => {
    expect(accessTokenClaimsSchema.safeParse({ ...accessTokenClaims(input), [name]: undefined }).success).toBe(false);
  });
});

describe('the private claim', () => {
  const whole = { instance: 'i', since: NOW, account: 'a', grant: 'g', session: 's' };

  it.each([
    ['of a person', whole],
    ['of a client', { instance: 'i', since: NOW }],
  ])('%s is read as it was written', (_what, claim) => {
    expect(JSON.parse(JSON.stringify(parsePrivateClaim(formatPrivateClaim(claim))))).toEqual(claim);
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['no instance', '{"t":1}'],
    ['an instant in text', '{"i":"x","t":"1"}'],
    ['an instant beyond safe integers', '{"i":"x","t":9007199254740993}'],
    ['a fraction of a microsecond', '{"i":"x","t":1.5}'],
    ['half of it', '{"i":"x"'],
  ])('is not read from %s', (_what, text) => {
    expect(parsePrivateClaim(text)).toBeUndefined();
  });

  // Fixed: an access token outlives the version that it was issued by.
  it.each([
    ['0.1.0', '{"i":"i","t":7,"a":"a","g":"g","s":"s","u":"email name"}'],
    ['a newer version, without what that tells more', '{"i":"i","t":7,"a":"a","g":"g","s":"s","u":"email name","z":1}'],
  ])('is read from a token of %s', (_what, text) => {
    const claim = { ...whole, since: 7, userinfo: ['email', 'name'] };
    expect(parsePrivateClaim(text)).toEqual(claim);
  });

  it('is bound to its token', () => {
    expect(privateClaimContext({ iss: 'https://id.example', jti: 'jti-1' })).toEqual([
      'access_token',
      'https://id.example',
      'jti-1',
    ]);
  });
});
