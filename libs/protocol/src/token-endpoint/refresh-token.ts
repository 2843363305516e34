import type { Digests } from '../digests.js';
import type { KeyedMac } from '../keyed-mac.js';
import { uuidFromText, uuidToText } from '../uuid-text.js';

/** Which token of which family. The token itself is not stored anywhere: its MAC says that we made it. */
export interface RefreshToken {
  /** Raised by a restore from backup, which would bring spent generations back to life. */
  readonly epoch: number;
  readonly family: string;
  readonly generation: number;
}

/** MAC keys of the keyring's purpose `refresh`. */
export type RefreshMac = KeyedMac;

const VERSION = 'v1';
const REFRESH_TOKEN =
  /^v1\.([A-Za-z0-9_-]{1,64})\.(0|[1-9]\d{0,8})\.([A-Za-z0-9_-]{22})\.(0|[1-9]\d{0,14})\.([A-Za-z0-9_-]{43})$/;

/** The tenant is under the MAC, so a family of one tenant cannot be asked for at another. */
const macMessage = (head: string, tenantId: string): string => `${head}|${tenantId}`;

/** `v1.<mac key id>.<epoch>.<family>.<generation>.<mac>` */
export const formatRefreshToken = (token: RefreshToken, tenantId: string, mac: RefreshMac): string => {
  const keyId = mac.currentKeyId();
  const head = [VERSION, keyId, token.epoch, uuidToText(token.family), token.generation].join('.');
  const code = mac.compute(keyId, macMessage(head, tenantId));
  if (code === undefined) throw new Error('the current refresh MAC key is not in the keyring');
  return `${head}.${code}`;
};

/**
 * The parts of a refresh token that we made for this tenant, or undefined. It does not check whether the family lives,
 * whose it is, or whether the generation is the current one: the statement that spends it does.
 */
export const parseRefreshToken = (
  text: string,
  tenantId: string,
  mac: RefreshMac,
  digests: Digests,
): RefreshToken | undefined => {
  const [, keyId, epoch, familyText, generation, code] = REFRESH_TOKEN.exec(text) ?? [];
  if (keyId === undefined || familyText === undefined || code === undefined) return undefined;
  const family = uuidFromText(familyText);
  if (family === undefined) return undefined;
  const expected = mac.compute(keyId, macMessage(text.slice(0, text.lastIndexOf('.')), tenantId));
  if (expected === undefined || !digests.equal(expected, code)) return undefined;
  return { epoch: Number(epoch), family, generation: Number(generation) };
};
