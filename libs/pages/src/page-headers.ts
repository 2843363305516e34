import { randomBytes } from 'node:crypto';

export interface PageHeaderOptions {
  /** The configured issuer. HSTS goes with https alone (RFC 6797 section 7.2), and never to a loopback host. */
  readonly issuer: string;
  /**
   * `same-origin` (default) leaves a window that opened the page no handle on it, and so ends sign-in in a popup that
   * reports to its opener; `unsafe-none` allows that.
   */
  readonly openerPolicy?: 'same-origin' | 'unsafe-none';
  /** Origins that the page shows in frames: those of a front-channel logout, and nobody else's. */
  readonly frames?: readonly string[];
}

/** 128 fresh random bits for one response (CSP 3 section 7.1). A nonce is never used for a second response. */
export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The headers of every page that a person sees. There is no form-action: Chromium holds it against the redirect to the
 * client that follows a POST. Referrer-Policy is not no-referrer, which makes browsers send `Origin: null` with a POST.
 *
 * Throws a TypeError for a nonce that is not base64, and for a frame that is no origin, since either could end its directive.
 */
export function pageHeaders(nonce: string, options: PageHeaderOptions): Record<string, string> {
  if (!/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(nonce)) throw new TypeError('The nonce must be base64 of at least 96 bits');
  const { frames = [] } = options;
  if (!frames.every(isWebOrigin)) throw new TypeError('A frame must be of an origin of the web');
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      `script-src 'nonce-${nonce}'`,
      "img-src 'self'",
      ...(frames.length > 0 ? [`frame-src ${[...new Set(frames)].join(' ')}`] : []),
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Referrer-Policy': 'strict-origin',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': options.openerPolicy ?? 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isPublicHttps(options.issuer) ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

const isWebOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** HSTS holds for every port of a host: given to localhost it would break each developer's plain-http server there. */
function isPublicHttps(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' && !/^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
