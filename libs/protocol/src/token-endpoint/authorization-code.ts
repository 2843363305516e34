import { uuidFromText, uuidToText } from '../uuid-text.js';

/**
 * `<id>.<secret>`: the id is a UUIDv7, whose time leads to the partition that the code is kept in; the secret is 256
 * random bits in base64url, of which only the hash is stored.
 */
export interface AuthorizationCode {
  readonly id: string;
  readonly secret: string;
}

// 32 bytes in 43 characters: the last one carries four bits.
const CODE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;

export const formatAuthorizationCode = (code: AuthorizationCode): string => `${uuidToText(code.id)}.${code.secret}`;

/** Undefined for anything but the one canonical text of a code. */
export const parseAuthorizationCode = (text: string): AuthorizationCode | undefined => {
  const [, idText, secret] = CODE.exec(text) ?? [];
  const id = uuidFromText(idText ?? '');
  return id === undefined || secret === undefined ? undefined : { id, secret };
};
