/**
 * What of an address a person can check: the host of a web address, and of a native app its own scheme (RFC 8252 section 7.1), whatever
 * stands behind it where a host would.
 */
export function placeOf(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const { host, protocol } = new URL(uri);
  return protocol === 'https:' || protocol === 'http:' ? host : protocol.slice(0, -1);
}
