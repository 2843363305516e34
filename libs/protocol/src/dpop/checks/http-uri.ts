import { fail, ok } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopCheck } from './check.js';

/** In characters. */
const URI_LIMIT = 2048;

// RFC 3986 section 2: nothing else is in a URI. A URL parser would take white space and backslashes, and mend them.
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

/** RFC 3986 section 6.2.2: an escaped unreserved character is that character; other escapes are written in capitals. */
const normaliseEscapes = (path: string): string =>
  path.replace(/%([0-9A-Fa-f]{2})/g, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
  });

/**
 * Without query and fragment, and normalised by RFC 3986 sections 6.2.2 (case, escapes, dot segments) and 6.2.3 (default
 * port, empty path). Undefined for what is no absolute http(s) URI, or has userinfo.
 */
const normalise = (text: string): string | undefined => {
  if (text.length > URI_LIMIT || !URI.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, host, pathname, username, password } = new URL(text);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return undefined;
  return `${protocol}//${host}${normaliseEscapes(pathname)}`;
};

/** RFC 9449 section 4.3, 9: htu matches the URI of the request, ignoring any query and fragment parts. */
export const checkHttpUri: DpopCheck = ({ claims, request }) => {
  const { htu } = claims;
  const named = typeof htu === 'string' ? normalise(htu) : undefined;
  return named !== undefined && named === normalise(request.url)
    ? ok(undefined)
    : fail(invalidProof('The htu of the DPoP proof does not match', 'htu'));
};
