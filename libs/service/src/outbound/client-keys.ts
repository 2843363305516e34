import {
  selectEncryptionKey,
  verifyClientJwt,
  type ClientJwtExpectation,
  type ClientJwtVerification,
  type EncryptionRecipient,
} from '@signet/keys';
import type { Client, ClientJwks, ClientSigningAlgorithm, KeyEncryptionAlgorithm } from '@signet/protocol';
import type { RemoteJwks } from './remote-jwks.js';

/** Where a client's keys are: registered by value, or at a URI of its own. */
export type ClientKeySource = Pick<Client, 'jwks' | 'jwksUri'>;

/** `keys_unavailable`: the client has a jwks_uri, and no set can be had from it. */
export type ClientKeyVerification = ClientJwtVerification | { readonly ok: false; readonly fault: 'keys_unavailable' };

const none: ClientJwks = { keys: [] };

/** The keys of clients, in use: a set that lacks the key is fetched anew once, which is how a client rotates. */
export class ClientKeys {
  constructor(private readonly remote: Pick<RemoteJwks, 'get' | 'getAnew'>) {}

  /** `verifyClientJwt` with the client's own keys. */
  async verify(
    client: ClientKeySource,
    expected: ClientJwtExpectation & { readonly algorithms: readonly ClientSigningAlgorithm[] },
  ): Promise<ClientKeyVerification> {
    const verify = ({ keys }: ClientJwks) => verifyClientJwt({ ...expected, keys });
    const uri = remoteUri(client);
    if (uri === undefined) return verify(client.jwks ?? none);
    const jwks = await this.remote.get(uri);
    if (jwks === undefined) return { ok: false, fault: 'keys_unavailable' };
    const verified = verify(jwks);
    if (verified.ok || verified.fault !== 'unknown_key') return verified;
    const anew = await this.remote.getAnew(uri);
    return anew === undefined ? verified : verify(anew);
  }

  /** The key to encrypt with for the client, or undefined where its set has none for the algorithm. */
  async encryptionKey(
    client: ClientKeySource,
    alg: KeyEncryptionAlgorithm,
  ): Promise<EncryptionRecipient | 'keys_unavailable' | undefined> {
    const uri = remoteUri(client);
    if (uri === undefined) return selectEncryptionKey(client.jwks ?? none, alg);
    const jwks = await this.remote.get(uri);
    if (jwks === undefined) return 'keys_unavailable';
    const recipient = selectEncryptionKey(jwks, alg);
    if (recipient !== undefined) return recipient;
    const anew = await this.remote.getAnew(uri);
    return anew && selectEncryptionKey(anew, alg);
  }
}

/** OpenID Connect Dynamic Client Registration 1.0 section 2: jwks_uri and jwks are not used together. */
function remoteUri({ jwks, jwksUri }: ClientKeySource): string | undefined {
  return jwks === undefined ? jwksUri : undefined;
}
