/** What of an address a person can check: the host, or of a native app its own scheme (RFC 8252 section 7.1). */
export function placeOf(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const { host, protocol } = new URL(uri);
  return host === '' ? protocol.slice(0, -1) : host;
}
