import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { checkSessionHeaders, renderCheckSession } from './check-session.js';

const [, script = ''] = /<script data-cookie="signet-state-0123abcd">(.*)<\/script>/s.exec(
  renderCheckSession('signet-state-0123abcd'),
) ?? [''];

it('may be framed by anybody, and do nothing but run its script', () => {
  expect(checkSessionHeaders).toEqual({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; base-uri 'none'; frame-ancestors *`,
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'public, max-age=300',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
});

it('takes no name that could end its attribute', () => {
  expect(() => renderCheckSession('x"><script>')).toThrow(TypeError);
});
