import { encryptJwe, type EncryptionRecipient } from '@signet/keys';
import {
  fail,
  invalidRequest,
  ok,
  temporarilyUnavailable,
  type Client,
  type ContentEncryptionAlgorithm,
  type KeyEncryptionAlgorithm,
  type Result,
} from '@signet/protocol';
import type { ClientKeys } from '@signet/service';

/** What is encrypted for a client, and by which of its keys. */
export interface ClientEncryption {
  readonly recipient: EncryptionRecipient;
  readonly enc: ContentEncryptionAlgorithm;
}

/** OpenID Connect Dynamic Client Registration 1.0 section 2, of both `…_encrypted_response_enc`. */
const defaultEnc: ContentEncryptionAlgorithm = 'A128CBC-HS256';

/** Seconds for which a jwks_uri that failed is left alone. */
const pause = 5;

type Keys = Pick<ClientKeys, 'encryptionKey'>;

/** Undefined where the client has registered none. Asked for before a right is spent: a key that cannot be had would lose it. */
export const idTokenEncryption = (client: Client, keys: Keys): Promise<Result<ClientEncryption | undefined>> =>
  find(client, client.idTokenEncryptedResponseAlg, client.idTokenEncryptedResponseEnc, keys);

export const userinfoEncryption = (client: Client, keys: Keys): Promise<Result<ClientEncryption | undefined>> =>
  find(client, client.userinfoEncryptedResponseAlg, client.userinfoEncryptedResponseEnc, keys);

async function find(
  client: Client,
  alg: KeyEncryptionAlgorithm | undefined,
  enc: ContentEncryptionAlgorithm = defaultEnc,
  keys: Keys,
): Promise<Result<ClientEncryption | undefined>> {
  if (alg === undefined) return ok(undefined);
  const recipient = await keys.encryptionKey(client, alg);
  // Never in the clear instead: the client has said who may read it.
  if (recipient === undefined) {
    return fail(
      invalidRequest(`The client's keys have none to encrypt with by ${alg}`, { detail: 'no_encryption_key' }),
    );
  }
  if (recipient === 'keys_unavailable') {
    return fail(
      temporarilyUnavailable('The jwks_uri of the client cannot be read', { detail: recipient, retryAfter: pause }),
    );
  }
  return ok({ recipient, enc });
}

/** RFC 7519 section 5.2: a JWT inside says so. `iss`: told in the header as well. */
export const encryptedJwt = (jwt: string, { recipient, enc }: ClientEncryption, iss?: string): Promise<string> =>
  encryptJwe({ plaintext: jwt, recipient, enc, typ: 'JWT', cty: 'JWT', iss });

/** A claims set that is encrypted alone. */
export const encryptedClaims = (claims: object, { recipient, enc }: ClientEncryption): Promise<string> =>
  encryptJwe({ plaintext: JSON.stringify(claims), recipient, enc, typ: 'JWT' });
