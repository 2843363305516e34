import type { Client, Result, TokenMinter } from '@signet/protocol';
import { ok } from '@signet/protocol';
import type { ClientKeys } from '@signet/service';
import { encryptedJwt, idTokenEncryption, type ClientEncryption } from './client-encryption.js';

/** Encrypts the ID tokens of one request where its client has registered so: signed first (OpenID Connect Core 1.0 section 2). */
export class EncryptingMinter implements TokenMinter {
  #encryption: ClientEncryption | undefined;

  constructor(
    private readonly minter: TokenMinter,
    private readonly keys: Pick<ClientKeys, 'encryptionKey'>,
  ) {}

  /** Has the client's key at hand; to be called before a right is spent. */
  async prepare(client: Client): Promise<Result<void>> {
    const encryption = await idTokenEncryption(client, this.keys);
    if (!encryption.ok) return encryption;
    this.#encryption = encryption.value;
    return ok(undefined);
  }

  accessToken(...input: Parameters<TokenMinter['accessToken']>): ReturnType<TokenMinter['accessToken']> {
    return this.minter.accessToken(...input);
  }

  async idToken(...input: Parameters<TokenMinter['idToken']>): Promise<string> {
    const jwt = await this.minter.idToken(...input);
    const [{ client }] = input;
    if (client.idTokenEncryptedResponseAlg === undefined) return jwt;
    if (this.#encryption === undefined) throw new TypeError('nothing was prepared to encrypt the ID token with');
    return encryptedJwt(jwt, this.#encryption);
  }

  refreshToken(...input: Parameters<TokenMinter['refreshToken']>): string {
    return this.minter.refreshToken(...input);
  }
}
