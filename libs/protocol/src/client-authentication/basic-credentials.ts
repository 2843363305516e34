export interface BasicCredentials {
  readonly clientId: string;
  readonly secret: string;
}

// RFC 9110 section 11.6.2 and RFC 7617 section 2: the scheme in any case, one or more spaces, token68.
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** RFC 6749 appendix B: application/x-www-form-urlencoded, strictly. */
const formDecode = (text: string): string | undefined => {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return /[\0\ufffd]|\p{Surrogate}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
};

/**
 * RFC 6749 section 2.3.1: id and secret are form-encoded each, then joined by a colon, then base64. Undefined for anything
 * else: another scheme, base64 that is not canonical, bytes that are not UTF-8, a missing colon, an empty id.
 */
export const parseBasicCredentials = (authorization: string): BasicCredentials | undefined => {
  const encoded = authorization.length > 4096 ? undefined : BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) return undefined;
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const clientId = formDecode(text.slice(0, colon));
  const secret = formDecode(text.slice(colon + 1));
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret };
};
