import { describe, expect, it } from '@jest/globals';
import { isRegisteredRedirectUri, redirectUriFault } from './redirect-uri.js';

const native = (...redirectUris: string[]) => ({ applicationType: 'native' as const, redirectUris });

describe('isRegisteredRedirectUri', () => {
  it.each([
    ['the same string', 'https://a.example/cb', 'https://a.example/cb'],
    ['with its query', 'https://a.example/cb?x=1', 'https://a.example/cb?x=1'],
    ['another port of an IPv4 loopback literal', 'http://127.0.0.1:51234/cb', 'http://127.0.0.1/cb'],
    ['another port where one is registered', 'http://127.0.0.1:51234/cb', 'http://127.0.0.1:3000/cb'],
    ['another port of an IPv6 loopback literal', 'http://[::1]:1/cb', 'http://[::1]/cb'],
    ['a loopback literal without path', 'http://127.0.0.1:9', 'http://127.0.0.1'],
    ['a private-use scheme', 'com.example.app:/cb', 'com.example.app:/cb'],
  ])('accepts %s', (_what, uri, registered) => {
    expect(isRegisteredRedirectUri(uri, native('https://other.example/', registered))).toBe(true);
  });

  it.each([
    ['a longer path', 'https://a.example/cb/x', 'https://a.example/cb'],
    ['a trailing slash', 'https://a.example/cb/', 'https://a.example/cb'],
    ['another case', 'https://a.example/CB', 'https://a.example/cb'],
    ['an upper-case host', 'https://A.example/cb', 'https://a.example/cb'],
    ['an added query', 'https://a.example/cb?x=1', 'https://a.example/cb'],
    ['an added fragment', 'https://a.example/cb#x', 'https://a.example/cb'],
    ['dot segments', 'https://a.example/x/../cb', 'https://a.example/cb'],
    ['a default port', 'https://a.example:443/cb', 'https://a.example/cb'],
    ['user information', 'https://a.example@evil.example/cb', 'https://a.example/cb'],
    ['another port of a host', 'https://a.example:8443/cb', 'https://a.example/cb'],
    ['another port of localhost', 'http://localhost:51234/cb', 'http://localhost/cb'],
    ['https on a loopback literal with another port', 'https://127.0.0.1:1/cb', 'https://127.0.0.1/cb'],
    ['another loopback literal', 'http://127.0.0.2:1/cb', 'http://127.0.0.1/cb'],
    ['a host that begins like the literal', 'http://127.0.0.1.evil.example/cb', 'http://127.0.0.1/cb'],
    ['user information that looks like the literal', 'http://127.0.0.1:1@evil.example/cb', 'http://127.0.0.1/cb'],
    ['user information before another host', 'http://127.0.0.1:1@evil.example/cb', 'http://127.0.0.1@evil.example/cb'],
    ['another path at a loopback literal', 'http://127.0.0.1:1/cb2', 'http://127.0.0.1/cb'],
    ['a port that is none', 'http://127.0.0.1:99999/cb', 'http://127.0.0.1/cb'],
    ['the empty string', '', 'https://a.example/cb'],
  ])('refuses %s', (_what, uri, registered) => {
    expect(isRegisteredRedirectUri(uri, native(registered))).toBe(false);
  });

  it.each(['web', undefined] as const)('varies no port where application_type is %s', (applicationType) => {
    const client = { redirectUris: ['http://127.0.0.1:3000/cb'], ...(applicationType && { applicationType }) };
    expect(isRegisteredRedirectUri('http://127.0.0.1:3000/cb', client)).toBe(true);
    expect(isRegisteredRedirectUri('http://127.0.0.1:3001/cb', client)).toBe(false);
  });
});

describe('redirectUriFault', () => {
  it.each([
    'https://a.example/cb?x=1',
    'http://127.0.0.1/cb',
    'http://[::1]:3000/cb',
    'http://localhost:3001/callback',
    'http://app.localhost/cb',
    'com.example.app:/oauth',
  ])('finds nothing wrong with %s', (uri) => {
    expect(redirectUriFault(uri)).toBeUndefined();
  });

  it.each([
    ['/cb', 'is not an absolute URI'],
    ['https://a.example/cb#', 'has a fragment'],
    ['http://a.example/cb', 'is http, and not of this machine'],
    ['http://localhost.evil.example/cb', 'is http, and not of this machine'],
    ['https://user:pw@a.example/cb', 'has user information'],
    ['javascript:alert(1)', 'has the scheme javascript'],
    ['data:text/html,x', 'has the scheme data'],
    ['myapp:/cb', 'has a private-use scheme without a dot'],
    ['https://a.example/é', 'has characters that are not allowed in a URI'],
    ['https://a.example/ cb', 'has characters that are not allowed in a URI'],
    [`https://a.example/${'x'.repeat(2048)}`, 'is longer than 2048 characters'],
  ])('says of %s that it %s', (uri, fault) => {
    expect(redirectUriFault(uri)).toBe(fault);
  });
});
