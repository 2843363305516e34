import type { UserinfoClaims } from '@signet/claims';
import type { Tenant } from '@signet/contracts';
import { signJwt } from '@signet/keys';
import { ok, type Client, type Result } from '@signet/protocol';
import type { ClientKeys, DirectoryCopies } from '@signet/service';
import { encryptedClaims, encryptedJwt, userinfoEncryption } from '../client-encryption/client-encryption.js';
import type { Floors } from '../floors/floors.js';
import { TenantClients } from '../http/clients.js';
import type { KeySets } from '../keys/key-sets.js';

export interface UserinfoResponse {
  readonly contentType: string;
  readonly body: string;
}

const jwt = (body: string): UserinfoResponse => ({ contentType: 'application/jwt', body });

/** What a client is told of an account, in the form that it registered (OpenID Connect Core 1.0 section 5.3.2). */
export class UserinfoResponses {
  constructor(
    private readonly deps: {
      readonly keys: Pick<KeySets, 'signingKey'>;
      readonly clientKeys: Pick<ClientKeys, 'encryptionKey'>;
      readonly copies: DirectoryCopies;
      readonly floors: Floors;
    },
  ) {}

  /** Undefined where it may not act any more. */
  async clientOf(tenant: Tenant, clientId: string): Promise<Client | undefined> {
    const { copies, floors } = this.deps;
    return (await new TenantClients(copies, floors, tenant).find(clientId))?.client;
  }

  async of(tenant: Tenant, client: Client, claims: UserinfoClaims): Promise<Result<UserinfoResponse>> {
    const encryption = await userinfoEncryption(client, this.deps.clientKeys);
    if (!encryption.ok) return encryption;
    const alg = client.userinfoSignedResponseAlg;
    if (alg === undefined) {
      if (encryption.value !== undefined) return ok(jwt(await encryptedClaims(claims, encryption.value)));
      return ok({ contentType: 'application/json; charset=utf-8', body: JSON.stringify(claims) });
    }
    const key = await this.deps.keys.signingKey(tenant.id, alg);
    // Section 5.3.2: a signed response SHOULD contain iss and aud.
    const signed = await signJwt({ key, typ: 'JWT', claims: { ...claims, iss: tenant.issuer, aud: client.clientId } });
    return ok(jwt(encryption.value === undefined ? signed : await encryptedJwt(signed, encryption.value)));
  }
}
