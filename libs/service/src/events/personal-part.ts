import { createHash, randomBytes } from 'node:crypto';
import type { EventId } from '@signet/contracts';
import { open, seal, type Keyring } from '@signet/keys';

const saltLength = 16;

/** The personal part of an event as it travels, and what its leaf holds of it. */
export interface SealedPersonalPart {
  readonly sealed: Uint8Array;
  /** base64url of the SHA-256 of salt and JSON. The salt keeps a guess at the content from being checked against the leaf. */
  readonly digest: string;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');

/** What is sealed is the salt, 16 bytes, and then the JSON. */
export function sealPersonalPart(
  keyring: Keyring,
  personal: Readonly<Record<string, unknown>>,
  id: EventId,
): SealedPersonalPart {
  const bytes = Buffer.concat([randomBytes(saltLength), Buffer.from(JSON.stringify(personal), 'utf8')]);
  return { sealed: seal(keyring, 'event', bytes, id), digest: digestOf(bytes) };
}

/**
 * Opens a personal part. `bytes` are salt and JSON, which whoever keeps it must keep as they are, since `digest` is of them; compare it with the leaf's
 * `personaldigest`. Undefined for what was not sealed for this event, or under a key that is gone.
 */
export function openPersonalPart(
  keyring: Keyring,
  sealed: Uint8Array,
  id: string,
): { readonly bytes: Uint8Array; readonly digest: string } | undefined {
  const bytes = open(keyring, 'event', sealed, id);
  return bytes && bytes.length > saltLength ? { bytes, digest: digestOf(bytes) } : undefined;
}

/** The fields in opened bytes. */
export function readPersonalPart(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(Buffer.from(bytes).subarray(saltLength).toString('utf8')) as Record<string, unknown>;
}
