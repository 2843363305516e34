import { randomText, systemRandom } from '@signet/keys';
import { clearCookie, cookieName, readCookie, setCookie } from './cookies.js';
import type { CookieScope } from './session-cookie.js';
import type { HttpReply, HttpRequest } from './types.js';

const form = /^[A-Za-z0-9_-]{22}$/;

/**
 * The cookie of OpenID Connect Session Management 1.0 section 3.2: who signs in or out in a browser changes it, and the page that
 * clients frame reads it. It is random and authenticates nothing.
 */
export const browserStateCookie = ({ tenantId, issuer }: CookieScope): string => cookieName(tenantId, 'state', issuer);

export function readBrowserState(request: HttpRequest, scope: CookieScope): string | undefined {
  const value = readCookie(request, browserStateCookie(scope));
  return value !== undefined && form.test(value) ? value : undefined;
}

/** `value`: another one than the browser had, where absent; `maxAge`: as its session has it. Gives what the browser has now. */
export function setBrowserState(
  reply: HttpReply,
  scope: CookieScope,
  {
    value = randomText(systemRandom, 16),
    maxAge,
  }: { readonly value?: string | undefined; readonly maxAge?: number | undefined } = {},
): string {
  const lasting = maxAge === undefined ? {} : { maxAge };
  setCookie(reply, { name: browserStateCookie(scope), value, framed: true, ...lasting });
  return value;
}

export function clearBrowserState(reply: HttpReply, scope: CookieScope): void {
  clearCookie(reply, browserStateCookie(scope), { framed: true });
}
