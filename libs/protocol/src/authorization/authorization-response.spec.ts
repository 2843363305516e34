import { describe, expect, it } from '@jest/globals';
import { ISSUER } from '../../test/fixtures.js';
import { accessDenied } from '../errors/oauth-error.js';
import { authorizationResponseUrl } from './authorization-response.js';

const iss = 'iss=https%3A%2F%2Fid.example';

describe('authorizationResponseUrl', () => {
  it.each([
    ['a plain URI', 'https://a.example/cb', `https://a.example/cb?code=c&state=s&${iss}`],
    ['a query of its own', 'https://a.example/cb?x=%20y', `https://a.example/cb?x=%20y&code=c&state=s&${iss}`],
    ['an empty query', 'https://a.example/cb?', `https://a.example/cb?code=c&state=s&${iss}`],
    ['a private-use scheme', 'com.example.app:/cb', `com.example.app:/cb?code=c&state=s&${iss}`],
  ])('adds to %s', (_what, redirectUri, expected) => {
    expect(authorizationResponseUrl({ redirectUri, state: 's', issuer: ISSUER }, { code: 'c' })).toBe(expected);
  });

  it('leaves state out where none was sent', () => {
    expect(authorizationResponseUrl({ redirectUri: 'https://a.example/cb', issuer: ISSUER }, { code: 'c' })).toBe(
      `https://a.example/cb?code=c&${iss}`,
    );
  });

  it('names the issuer in an error too, and keeps detail to itself', () => {
    const error = accessDenied('The person said no', { detail: 'private' });
    expect(authorizationResponseUrl({ redirectUri: 'https://a.example/cb', issuer: ISSUER }, { error })).toBe(
      `https://a.example/cb?error=access_denied&error_description=The+person+said+no&${iss}`,
    );
  });

  it.each(['a&b=c#d', 'é🙂', '\r\nSet-Cookie: x=1', '{"a":"b"}', '%00+'])('hands state %j back as it came', (state) => {
    const url = authorizationResponseUrl({ redirectUri: 'https://a.example/cb', state, issuer: ISSUER }, { code: 'c' });
    expect(new URL(url).searchParams.get('state')).toBe(state);
    expect(new URL(url).hash).toBe('');
    expect(url).toMatch(/^[\x21-\x7e]+$/);
  });
});
