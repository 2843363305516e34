import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** The addresses of a name, as the machine resolves it. Rejects where it has none. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** Where a fetch will connect, decided before it does. */
export interface OutboundTarget {
  readonly url: URL;
  readonly addresses: readonly string[];
}

/** The URL that may be fetched, or undefined: absolute, https unless its very origin is exempt, no credentials in it. */
export function fetchableUrl(uri: string, exempt: readonly string[]): URL | undefined {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || exempt.includes(url.origin) ? url : undefined;
}

/**
 * Resolves the name once; whoever connects uses these addresses, so that a name which resolves otherwise a moment later
 * leads nowhere. One address that is not public refuses them all: a name of the public internet has none.
 */
export async function resolveTarget(
  url: URL,
  exempt: readonly string[],
  resolve: Resolver,
): Promise<OutboundTarget | 'unresolved' | 'address'> {
  // The URL parser has made one form of every notation of an address.
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(literal) === 0 ? await resolve(url.hostname).catch(() => []) : [literal];
  if (addresses.length === 0) return 'unresolved';
  if (!exempt.includes(url.origin) && !addresses.every(isPublicAddress)) return 'address';
  return { url, addresses };
}
