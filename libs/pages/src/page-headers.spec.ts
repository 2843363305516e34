import { describe, expect, it } from '@jest/globals';
import { newNonce, pageHeaders } from './page-headers.js';

const NONCE = 'bm9uY2Utbm9uY2Utbm9uYw==';

describe('pageHeaders', () => {
  it('are exactly these for a development issuer', () => {
    expect(pageHeaders(NONCE, { issuer: 'http://localhost:3000' })).toEqual({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'Referrer-Policy': 'strict-origin',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    });
  });

  it.each([
    ['https://id.example', true],
    ['https://id.example:8443/t/x', true],
    ['https://localhost:3000', false],
    ['https://id.localhost', false],
    ['https://127.0.0.1', false],
    ['https://[::1]:3000', false],
    ['http://localhost:3000', false],
  ])('for %s: HSTS %s', (issuer, sent) => {
    expect('Strict-Transport-Security' in pageHeaders(NONCE, { issuer })).toBe(sent);
  });

  it('lets a popup keep its opener where that is asked for', () => {
    const headers = pageHeaders(NONCE, { issuer: 'https://id.example', openerPolicy: 'unsafe-none' });
    expect(headers['Cross-Origin-Opener-Policy']).toBe('unsafe-none');
  });

  it('lets the page have frames of the origins named, and of no others', () => {
    const policy = (frames: string[]) =>
      pageHeaders(NONCE, { issuer: 'https://id.example', frames })['Content-Security-Policy'];
    expect(policy(['https://a.example', 'http://localhost:3001', 'https://a.example'])).toBe(
      `default-src 'none'; style-src 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'; img-src 'self'; frame-src https://a.example http://localhost:3001; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(policy([])).not.toContain('frame-src');
    for (const other of ['*', 'https:', 'null', 'https://a.example/', 'https://a.example; script-src *', 'app://x']) {
      expect(() => policy(['https://a.example', other])).toThrow(TypeError);
    }
  });

  it.each(['', 'short', "abcdefghijklmnopqrst'; script-src *", 'abcdefghijklmnopqrst\r\nSet-Cookie: a=b'])(
    'refuses the nonce %j',
    (nonce) => {
      expect(() => pageHeaders(nonce, { issuer: 'https://id.example' })).toThrow(TypeError);
    },
  );
});

it('a nonce is 128 bits that never come again', () => {
  const nonces = new Set(Array.from({ length: 1_000 }, newNonce));
  expect(nonces.size).toBe(1_000);
  for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
});
