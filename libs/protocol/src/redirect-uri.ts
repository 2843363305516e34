import type { Client } from './client.js';

/** RFC 8252 section 7.3: the literals only; `localhost` may resolve to something that is not this machine (section 8.3). */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d{1,5})?(?=[/?]|$)/;

const withoutLoopbackPort = (uri: string): string | undefined => {
  const match = LOOPBACK.exec(uri);
  return match ? `http://${String(match[1])}${uri.slice(match[0].length)}` : undefined;
};

/**
 * RFC 9700 section 4.1.3: exact string comparison; RFC 8252 section 7.3: the port of a native client's loopback literal may
 * vary. Nothing is normalised, on either side.
 */
export const isRegisteredRedirectUri = (
  uri: string,
  { redirectUris: registered, applicationType }: Pick<Client, 'redirectUris' | 'applicationType'>,
): boolean => {
  if (registered.includes(uri)) return true;
  if (applicationType !== 'native') return false;
  const portless = withoutLoopbackPort(uri);
  if (portless === undefined || !URL.canParse(uri)) return false;
  return registered.some((candidate) => withoutLoopbackPort(candidate) === portless);
};

const FORBIDDEN_SCHEMES: ReadonlySet<string> = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
]);

/**
 * What is wrong with a URI that somebody wants to register for redirection, or undefined: RFC 6749 section 3.1.2 (absolute,
 * no fragment), RFC 8252 (http for loopback alone; private-use schemes have a dot, section 7.1).
 */
export const redirectUriFault = (uri: string): string | undefined => {
  if (uri.length > 2048) return 'is longer than 2048 characters';
  if (/[^\x21-\x7e]/.test(uri)) return 'has characters that are not allowed in a URI';
  if (!URL.canParse(uri)) return 'is not an absolute URI';
  if (uri.includes('#')) return 'has a fragment';
  const { protocol, hostname, username, password } = new URL(uri);
  if (FORBIDDEN_SCHEMES.has(protocol)) return `has the scheme ${protocol.slice(0, -1)}`;
  if (protocol === 'https:' || protocol === 'http:') {
    if (username !== '' || password !== '') return 'has user information';
    if (protocol === 'http:' && !isLoopbackHost(hostname)) return 'is http, and not of this machine';
    return undefined;
  }
  return protocol.includes('.') ? undefined : 'has a private-use scheme without a dot';
};

/** Of a URL as it is parsed: names and addresses that never leave the machine (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3). */
export const isLoopbackHost = (hostname: string): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/**
 * The host of an https or http URI. What stands in the place of one after a private-use scheme is none: any app may claim the
 * scheme (RFC 8252 section 8.6), and nobody asks the host.
 */
export const webHostOf = (uri: string): string | undefined => {
  const { protocol, hostname } = new URL(URL.canParse(uri) ? uri : 'about:blank');
  return protocol === 'https:' || protocol === 'http:' ? hostname : undefined;
};

/** A registered URI with more in its query; what it has of its own is kept as it is (RFC 6749 section 3.1.2). */
export const withQuery = (uri: string, query: string): string => {
  if (!uri.includes('?')) return `${uri}?${query}`;
  const separator = uri.endsWith('?') || uri.endsWith('&') ? '' : '&';
  return `${uri}${separator}${query}`;
};
