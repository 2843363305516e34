import type { Installation } from '@signet/contracts';
import { keyChecks, type Keyring } from '@signet/keys';

/** By its issuer, and by the keys that every service has. */
export const installationOf = (issuer: string, keyring: Keyring): Installation => ({
  issuer,
  keys: keyChecks(keyring, 'event'),
});
