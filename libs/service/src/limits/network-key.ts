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

/** An address and the network that it lies in: its /24, or the /48 of an IPv6 one. */
export interface NetworkPlace {
  /** As RFC 5952 writes it. */
  readonly address: string;
  readonly prefix: string;
}

const prefixLengths = { ipv4: 24, ipv6: 48 } as const;

/** Undefined for what is no address. An IPv4-mapped IPv6 address is the IPv4 one. */
export function networkPlace(ip: string): NetworkPlace | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(ip) && !ipaddr.IPv6.isValid(ip)) return undefined;
  const address = ipaddr.process(ip);
  const length = prefixLengths[address.kind()];
  const bytes = address.toByteArray().map((byte, index) => (index * 8 < length ? byte : 0));
  return { address: written(address), prefix: `${written(ipaddr.fromByteArray(bytes))}/${length}` };
}

const written = (address: ipaddr.IPv4 | ipaddr.IPv6): string =>
  address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
