import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { TenantId } from '@signet/contracts';
import { generateSigningKey, open, seal, type Keyring } from '@signet/keys';
import { noteKey, type NoteKey } from '@signet/tlog';

export interface NewLogKey {
  /** SPKI. */
  readonly publicKey: Uint8Array;
  /** PKCS #8, sealed. */
  readonly privateKey: Uint8Array;
  readonly key: NoteKey;
}

export const logKeyPlace = (tenantId: string) => [tenantId, 'tree', 'private_key', tenantId];

/** An Ed25519 key for one tenant's log, whose name is the log's origin. */
export async function newLogKey(keyring: Keyring, tenantId: TenantId, origin: string): Promise<NewLogKey> {
  const { privatePkcs8 } = await generateSigningKey('EdDSA');
  const publicKey = createPublicKey(createPrivateKey({ key: Buffer.from(privatePkcs8), type: 'pkcs8', format: 'der' }));
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    privateKey: seal(keyring, 'encryption', privatePkcs8, logKeyPlace(tenantId)),
    key: noteKey(origin, 'ed25519', publicKey),
  };
}

/** Undefined where it is sealed under a key that this process does not have. */
export function openLogKey(keyring: Keyring, tenantId: TenantId, sealed: Uint8Array): KeyObject | undefined {
  const opened = open(keyring, 'encryption', sealed, logKeyPlace(tenantId));
  return opened && createPrivateKey({ key: Buffer.from(opened), type: 'pkcs8', format: 'der' });
}

export const publicLogKey = (origin: string, spki: Uint8Array): NoteKey =>
  noteKey(origin, 'ed25519', createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' }));
