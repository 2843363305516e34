import ipaddr from 'ipaddr.js';

/**
 * The address that limits count by: an IPv4 address, or the /64 of an IPv6 one, since whoever has one of its addresses has all of them. What is
 * no address shares one key.
 */
export function networkKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const [a = 0, b = 0, c = 0, d = 0] = (address as ipaddr.IPv6).parts;
  return `${[a, b, c, d].map((part) => part.toString(16)).join(':')}::/64`;
}
