import ipaddr from 'ipaddr.js';

/** RFC 4291 section 2.5.4: what is in use of global unicast. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one of the public internet. Not so: loopback, private, link-local (with the metadata services of
 * clouds), carrier-grade NAT, unique local, multicast, reserved and documentation ranges (RFC 6890), and those that carry
 * an IPv4 address inside, which is where a gateway would lead: v4-mapped, NAT64, 6to4, Teredo.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}
