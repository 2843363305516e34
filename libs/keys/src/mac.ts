import { createHmac } from 'node:crypto';
import type { RefreshMac } from '@signet/protocol';
import type { Keyring, Purpose } from './keyring.js';

/** HMAC-SHA-256 in base64url (43 characters), or undefined where the keyring has no such key. */
export const mac = (keyring: Keyring, purpose: Purpose, keyId: string, message: string): string | undefined => {
  const key = keyring.byId(purpose, keyId);
  return key === undefined ? undefined : createHmac('sha256', key.secret).update(message, 'utf8').digest('base64url');
};

/** The port of libs/protocol. */
export const refreshMac = (keyring: Keyring): RefreshMac => ({
  currentKeyId: () => keyring.current('refresh').id,
  compute: (keyId, message) => mac(keyring, 'refresh', keyId, message),
});
