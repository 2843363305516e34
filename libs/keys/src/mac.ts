import { createHmac } from 'node:crypto';
import type { KeyedMac } from '@signet/protocol';
import type { Keyring, Purpose } from './keyring.js';

/** HMAC-SHA-256 in base64url (43 characters), or undefined where the keyring has no such key. */
export const mac = (keyring: Keyring, purpose: Purpose, keyId: string, message: string): string | undefined => {
  const key = keyring.byId(purpose, keyId);
  return key === undefined ? undefined : createHmac('sha256', key.secret).update(message, 'utf8').digest('base64url');
};

/** The port of libs/protocol, of the keys of one purpose. */
export const keyedMac = (keyring: Keyring, purpose: Purpose): KeyedMac => ({
  currentKeyId: () => keyring.current(purpose).id,
  compute: (keyId, message) => mac(keyring, purpose, keyId, message),
});

export const refreshMac = (keyring: Keyring): KeyedMac => keyedMac(keyring, 'refresh');
