import { formatAuthorizationCode, parseAuthorizationCode } from '../token-endpoint/authorization-code.js';

/** The id is a UUIDv7, whose time leads to the partition; the secret is 256 random bits, of which only the hash is stored. */
export interface DeviceCode {
  readonly id: string;
  readonly secret: string;
}

const PREFIX = 'dc.';

/** An authorization code's form under a name of its own, so that neither is ever taken for the other. */
export const formatDeviceCode = (code: DeviceCode): string => PREFIX + formatAuthorizationCode(code);

/** Undefined for anything but the one canonical text of a device code. */
export const parseDeviceCode = (text: string): DeviceCode | undefined =>
  text.startsWith(PREFIX) ? parseAuthorizationCode(text.slice(PREFIX.length)) : undefined;
