import { sessionId, type SessionReference } from '@signet/contracts';
import { sha256Text } from '@signet/keys';
import { clearBrowserState } from './browser-state.js';
import { clearCookie, cookieName, readCookie, setCookie } from './cookies.js';
import type { HttpReply, HttpRequest } from './types.js';

/** `<session id>.<secret>`: 256 random bits in base64url, which stay between authn and the browser. */
const form = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;

/** Whose session cookie: a tenant under an issuer. */
export interface CookieScope {
  readonly tenantId: string;
  readonly issuer: string;
}

const nameOf = ({ tenantId, issuer }: CookieScope) => cookieName(tenantId, 'session', issuer);

/** The session that the browser's cookie names, its secret already hashed. Does not tell whether it lives. */
export function readSessionCookie(request: HttpRequest, scope: CookieScope): SessionReference | undefined {
  const [, id, secret] = form.exec(readCookie(request, nameOf(scope)) ?? '') ?? [];
  const parsed = sessionId.safeParse(id);
  return parsed.success && secret !== undefined
    ? { sessionId: parsed.data, secretHash: sha256Text(secret) }
    : undefined;
}

/** `maxAge`: seconds for which a remembered session's cookie stays; any other goes with the browser. */
export function setSessionCookie(
  reply: HttpReply,
  scope: CookieScope,
  { id, secret, maxAge }: { readonly id: string; readonly secret: string; readonly maxAge?: number | undefined },
): void {
  setCookie(reply, { name: nameOf(scope), value: `${id}.${secret}`, ...(maxAge !== undefined && { maxAge }) });
}

/**
 * With the browser's state, which tells clients that nobody is signed in any more. A request that came without the cookie proves
 * nothing of that: another site's pictures and frames send none, and must not tell clients what has not happened.
 */
export function clearSessionCookie(request: HttpRequest, reply: HttpReply, scope: CookieScope): void {
  if (readCookie(request, nameOf(scope)) === undefined) return;
  clearCookie(reply, nameOf(scope));
  clearBrowserState(reply, scope);
}
