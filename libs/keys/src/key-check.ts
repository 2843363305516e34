import { createHmac } from 'node:crypto';
import type { Keyring, Purpose } from './keyring.js';

/**
 * A check value of each key of a purpose, the newest first: by it two keyrings are known to share a key. 128 bits of an HMAC of a constant,
 * which say nothing of the key.
 */
export const keyChecks = (keyring: Keyring, purpose: Purpose): string[] =>
  keyring
    .all(purpose)
    .map(({ secret }) =>
      createHmac('sha256', secret)
        .update(`signet key check ${purpose}`, 'utf8')
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    );
