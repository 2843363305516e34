import { createHash } from 'node:crypto';
import type { HttpReply, HttpRequest } from './types.js';

export interface CookieOptions {
  readonly name: string;
  /** Of base64url's alphabet, dots and tildes. */
  readonly value: string;
  /** Seconds; without it the cookie goes with the browser. */
  readonly maxAge?: number;
  readonly sameSite?: 'Lax' | 'Strict';
  /** For a page of ours in frames of other sites: its script reads it there. Without https a frame is of our own site. */
  readonly framed?: boolean;
}

const secure = '__Host-';
const valueForm = /^[\w.~-]*$/;

/**
 * The name of a tenant's cookie. Under an https issuer it begins with `__Host-`, which no other host and no plain connection can set (RFC 6265bis
 * section 4.1.3.2). `session` is the one that carries a session.
 */
export function cookieName(tenantId: string, kind: string, issuer: string): string {
  const tenant = createHash('sha256').update(tenantId).digest('hex').slice(0, 8);
  return `${issuer.startsWith('https:') ? secure : ''}signet-${kind === 'session' ? '' : `${kind}-`}${tenant}`;
}

/** The value of the first cookie of that name, or undefined where there is none or it has characters that ours never have. */
export function readCookie(request: HttpRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    return valueForm.test(value) ? value : undefined;
  }
  return undefined;
}

/** HttpOnly but for `framed`, for the whole host; Secure exactly where its name promises it. */
export function setCookie(reply: HttpReply, options: CookieOptions): void {
  const { name, value, maxAge, sameSite = 'Lax', framed = false } = options;
  const isSecure = name.startsWith(secure);
  if (!valueForm.test(value)) throw new TypeError(`The cookie ${name} has a value that no cookie may have.`);
  const attributes = [
    `${name}=${value}`,
    'Path=/',
    ...(framed ? [] : ['HttpOnly']),
    `SameSite=${framed && isSecure ? 'None' : sameSite}`,
    ...(maxAge === undefined ? [] : [`Max-Age=${Math.floor(maxAge)}`]),
    ...(isSecure ? ['Secure'] : []),
  ];
  void reply.header('Set-Cookie', attributes.join('; '));
}

export function clearCookie(reply: HttpReply, name: string, options: Pick<CookieOptions, 'framed'> = {}): void {
  setCookie(reply, { name, value: '', maxAge: 0, ...options });
}
