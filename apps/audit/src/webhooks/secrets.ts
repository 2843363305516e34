import { randomBytes } from 'node:crypto';
import { open, seal, type Keyring } from '@signet/keys';

/** Standard Webhooks: at least 24 bytes, at most 64. */
const length = 32;

interface Of {
  readonly tenantId: string;
  readonly id: string;
}

export const webhookSecretPlace = ({ tenantId, id }: Of) => [tenantId, 'webhook', 'secret', id];

/** A new secret: as its receiver is shown it, once, and sealed under the keyring's `encryption`. */
export function newSecret(keyring: Keyring, of: Of): { readonly shown: string; readonly sealed: Uint8Array } {
  const secret = randomBytes(length);
  return {
    shown: `whsec_${secret.toString('base64')}`,
    sealed: seal(keyring, 'encryption', secret, webhookSecretPlace(of)),
  };
}

/** What a webhook signs with, sealed: the secret, and where it still counts the one before. */
export interface SealedSecrets {
  readonly secret: Uint8Array;
  readonly previous: Uint8Array | null;
}

/** Undefined where this process has not the key that one of them is sealed under, or not yet. */
export function openSecrets(keyring: Keyring, of: Of, { secret, previous }: SealedSecrets): Uint8Array[] | undefined {
  const sealed = previous ? [secret, previous] : [secret];
  const secrets = sealed.flatMap((one) => open(keyring, 'encryption', one, webhookSecretPlace(of)) ?? []);
  return secrets.length === sealed.length ? secrets : undefined;
}
