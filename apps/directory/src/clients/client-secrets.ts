import { declaredSecretPlace, sealedSecretPlace, type DeclaredClient, type TenantId } from '@signet/contracts';
import { openText, seal, sha256Text, type Keyring } from '@signet/keys';

/** A secret as it is kept. */
export interface KeptSecret {
  /** base64url of the SHA-256. */
  readonly hash: string;
  /** Only for a client whose MAC needs the secret itself. */
  readonly sealed?: Buffer;
}

interface Owner {
  readonly tenantId: TenantId;
  readonly clientId: string;
}

/** Whether a client's secrets must be read back (OpenID Connect Core 1.0 section 9). */
const needsItself = ({ tokenEndpointAuthMethod: method }: Pick<DeclaredClient, 'tokenEndpointAuthMethod'>) =>
  method === 'client_secret_jwt';

/** Makes secrets into what is kept of them. */
export class ClientSecrets {
  constructor(private readonly keyring: Keyring) {}

  /** A new secret of a client. */
  keep(owner: Owner, client: Pick<DeclaredClient, 'tokenEndpointAuthMethod'>, secret: string): KeptSecret {
    const hash = sha256Text(secret);
    return needsItself(client) ? { hash, sealed: this.#seal(owner, Buffer.from(secret, 'utf8')) } : { hash };
  }

  /** A declaration's secrets, sealed anew for their place; undefined where one of them does not open or is another's. */
  keepDeclared(
    owner: Owner,
    issuer: string,
    { clientId, secretHashes, sealedSecrets = [] }: DeclaredClient,
  ): KeptSecret[] | undefined {
    const place = declaredSecretPlace({ issuer, clientId });
    const opened = new Map<string, Uint8Array>();
    for (const sealed of sealedSecrets) {
      const secret = openText(this.keyring, 'client', sealed, place);
      if (!secret) return undefined;
      opened.set(sha256Text(secret), secret);
    }
    const hashes = [...new Set(secretHashes)].sort();
    if ([...opened.keys()].some((hash) => !hashes.includes(hash))) return undefined;
    return hashes.map((hash) => {
      const secret = opened.get(hash);
      return secret ? { hash, sealed: this.#seal(owner, secret) } : { hash };
    });
  }

  #seal(owner: Owner, secret: Uint8Array): Buffer {
    return Buffer.from(seal(this.keyring, 'client', secret, sealedSecretPlace(owner)));
  }
}
