import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/**
 * Addresses as they are, and in the place of a network (10.0.0.0/8) those that this machine has in it. Throws where it has none: what is meant for one
 * network alone must not be on another, nor silently on none.
 */
export function ownAddresses(places: readonly string[], interfaces = networkInterfaces()): string[] {
  const own = Object.values(interfaces).flatMap((addresses = []) => addresses.map(({ address }) => address));
  const found = places.flatMap((place) => {
    if (!place.includes('/')) return [place];
    const [network, bits] = ipaddr.parseCIDR(place);
    const within = own.filter((address) => {
      const parsed = ipaddr.parse(address);
      return parsed.kind() === network.kind() && parsed.match(network, bits);
    });
    if (within.length === 0) throw new Error(`this machine has no address in ${place}`);
    return within;
  });
  return [...new Set(found)];
}
