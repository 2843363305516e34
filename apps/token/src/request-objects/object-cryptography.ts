import type { TenantId } from '@signet/contracts';
import { decryptJwe, isJwe, type EncryptionKey } from '@signet/keys';
import { contentEncryptionAlgorithms, keyEncryptionAlgorithms, type RequestObjectCryptography } from '@signet/protocol';
import type { VerifiedClientJwts } from '../client-authentication/verified-client-jwts.js';

/** The tenant's own keys, of those that clients encrypt to. */
export interface DecryptionKeys {
  encryptionKeys(tenantId: TenantId): Promise<readonly EncryptionKey[]>;
}

/** Request objects by the keys of their client, and of the tenant that they are encrypted to. */
export const objectCryptography = (
  jwts: VerifiedClientJwts,
  keys: DecryptionKeys,
  tenantId: TenantId,
): RequestObjectCryptography => ({
  jwts,
  unsecured: (jwt) => jwts.unsecured(jwt),
  decrypt: async (text, { requestObjectEncryptionAlg: alg, requestObjectEncryptionEnc: enc }) => {
    if (!isJwe(text)) return undefined;
    // OpenID Connect Dynamic Client Registration 1.0 section 2: the registered ones, A128CBC-HS256 being the default of the second.
    return decryptJwe({
      jwe: text,
      keys: await keys.encryptionKeys(tenantId),
      algs: alg === undefined ? keyEncryptionAlgorithms : [alg],
      encs: alg === undefined ? contentEncryptionAlgorithms : [enc ?? 'A128CBC-HS256'],
    });
  },
});
