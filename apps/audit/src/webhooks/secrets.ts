import { randomBytes } from 'node:crypto';
import { open, seal, type Keyring } from '@signet/keys';

/** Standard Webhooks: at least 24 bytes, at most 64. */
const length = 32;

interface Of {
  readonly tenantId: string;
  readonly id: string;
}

const place = ({ tenantId, id }: Of) => [tenantId, 'webhook', 'secret', id];

/** A new secret: as its receiver is shown it, once, and sealed under the keyring's `encryption`. */
export function newSecret(keyring: Keyring, of: Of): { readonly shown: string; readonly sealed: Uint8Array } {
  const secret = randomBytes(length);
  return { shown: `whsec_${secret.toString('base64')}`, sealed: seal(keyring, 'encryption', secret, place(of)) };
}

/** Undefined where this process has not the key that it is sealed under, or not yet. */
export const openSecret = (keyring: Keyring, of: Of, sealed: Uint8Array): Uint8Array | undefined =>
  open(keyring, 'encryption', sealed, place(of));
