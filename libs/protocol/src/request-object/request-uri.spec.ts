import { describe, expect, it } from '@jest/globals';
import { digests } from '../../test/fixtures.js';
import {
  claimedContentHash,
  formatPushedRequestUri,
  isPushedRequestUri,
  isRegisteredRequestUri,
  parsePushedRequestUri,
} from './request-uri.js';

const id = '0190a000-0000-7000-8000-00000000000a';
const secret = 'A'.repeat(43);
const uri = formatPushedRequestUri({ id, secret });

describe('a reference to a pushed request', () => {
  it('is read as it was made', () => {
    expect(uri.startsWith('urn:ietf:params:oauth:request_uri:')).toBe(true);
    expect(isPushedRequestUri(uri)).toBe(true);
    expect(parsePushedRequestUri(uri, digests)).toEqual({ id, secretHash: digests.sha256(secret) });
  });

  it.each([
    ['another URN', 'urn:example:x'],
    ['no reference', 'urn:ietf:params:oauth:request_uri:'],
    ['no secret', uri.slice(0, -44)],
    ['more behind', `${uri}x`],
    ['a fragment', `${uri}#x`],
    ['a secret that is not canonical', `${uri.slice(0, -1)}B`],
  ])('is none with %s', (_what, text) => {
    expect(parsePushedRequestUri(text, digests)).toBeUndefined();
  });
});

describe('isRegisteredRequestUri', () => {
  const registered = ['https://shop.example/requests/1#abc', 'https://shop.example/requests/2'];
  it.each([
    ['https://shop.example/requests/1#abc', true],
    ['https://shop.example/requests/1#def', true],
    ['https://shop.example/requests/1', true],
    ['https://shop.example/requests/2#abc', true],
    ['https://shop.example/requests/2?x', false],
    ['https://shop.example/requests/2/', false],
    ['https://shop.example/requests', false],
    ['https://shop.example:443/requests/2', false],
    ['https://SHOP.example/requests/2', false],
    ['http://169.254.169.254/latest', false],
    ['', false],
  ])('%s: %s', (asked, is) => {
    expect(isRegisteredRequestUri(asked, registered)).toBe(is);
    expect(isRegisteredRequestUri(asked, undefined)).toBe(false);
  });
});

describe('claimedContentHash', () => {
  it('is a SHA-256 in the fragment', () => {
    const hash = digests.sha256('content');
    expect(claimedContentHash(`https://shop.example/r#${hash}`)).toBe(hash);
    expect(claimedContentHash('https://shop.example/r')).toBeUndefined();
    expect(claimedContentHash('https://shop.example/r#section')).toBeUndefined();
  });
});
