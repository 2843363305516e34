import { LOGOUT_TOKEN_TYPE, logoutTokenClaims } from '@signet/claims';
import { plusSeconds, type AccountId, type signLogoutToken } from '@signet/contracts';
import { signJwt } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import type { DatabaseClock } from '@signet/persistence';
import type { ClientKeys, DirectoryCopies } from '@signet/service';
import type { z } from 'zod';
import { ifAtHand, type Accounts } from '../access-tokens/accounts.js';
import { encryptedJwt, idTokenEncryption } from '../client-encryption/client-encryption.js';
import type { Floors } from '../floors/floors.js';
import { newTokenId } from '../grants/token-id.js';
import type { KeySets } from '../keys/key-sets.js';

/** Seconds: "preferably at most two minutes in the future" (OpenID Connect Back-Channel Logout 1.0 section 2.4). */
const lifetime = 120;

export interface LogoutTokensDeps {
  readonly keys: Pick<KeySets, 'signingKey'>;
  readonly clock: Pick<DatabaseClock, 'now'>;
  readonly copies: Pick<DirectoryCopies, 'tenantById' | 'clientWithSecrets'>;
  readonly accounts: Pick<Accounts, 'find' | 'subject'>;
  readonly clientKeys: Pick<ClientKeys, 'encryptionKey'>;
  readonly floors: Pick<Floors, 'minVersion'>;
}

type Asked = z.output<typeof signLogoutToken.request>;
type Signed = z.input<typeof signLogoutToken.response>;

/** What clients are told of an ended session with. A disabled client or tenant is told as well: it loses what it held. */
export class LogoutTokens {
  constructor(private readonly deps: LogoutTokensDeps) {}

  async sign({ tenantId, clientId, sid, accountId }: Asked): Promise<Signed> {
    const { copies, floors, keys, clock, clientKeys } = this.deps;
    const tenant = await copies.tenantById(tenantId);
    const minVersion = await floors.minVersion(tenantId, 'client_version', clientId);
    const client = tenant && (await copies.clientWithSecrets(tenantId, clientId, minVersion));
    if (tenant === undefined || client === undefined) throw new MeshError('not_found', 'there is no such client');
    // Section 2.4: "the same keys are used to sign and encrypt Logout Tokens as are used for ID Tokens"
    const encryption = await idTokenEncryption(client, clientKeys);
    if (!encryption.ok) return { outcome: 'unencryptable' };
    const issuedAt = clock.now();
    const jti = newTokenId();
    const claims = logoutTokenClaims({
      issuer: tenant.issuer,
      clientId,
      issuedAt,
      expiresAt: plusSeconds(issuedAt, lifetime),
      tokenId: jti,
      sid,
      sub: accountId === null ? undefined : await this.#subject({ tenantId, clientId, accountId }),
    });
    // Section 2.6: never `none`, whatever the client takes for an ID token.
    const alg = client.idTokenSignedResponseAlg === 'none' ? 'RS256' : client.idTokenSignedResponseAlg;
    const jwt = await signJwt({ key: await keys.signingKey(tenantId, alg), typ: LOGOUT_TOKEN_TYPE, claims });
    if (encryption.value === undefined) return { outcome: 'signed', logoutToken: jwt, jti };
    return { outcome: 'signed', logoutToken: await encryptedJwt(jwt, encryption.value, tenant.issuer), jti };
  }

  /** Undefined where it cannot be had now, or is no more: the sid says enough. */
  #subject(of: Pick<Asked, 'tenantId' | 'clientId'> & { accountId: AccountId }): Promise<string | undefined> {
    const { accounts } = this.deps;
    return ifAtHand(async () => {
      const account = await accounts.find(of.tenantId, of.accountId);
      return account && (await accounts.subject(account, of.clientId));
    });
  }
}
