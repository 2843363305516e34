import {
  ACCESS_TOKEN_TYPE,
  accessTokenClaims,
  accountClaimsOf,
  claimsWithin,
  formatPrivateClaim,
  ID_TOKEN_TYPE,
  idTokenClaims,
  privateClaimContext,
  type ClaimNames,
} from '@signet/claims';
import { accountId, micros, plusSeconds, type Account, type Micros, type Tenant } from '@signet/contracts';
import { leftHalfHash, refreshMac, sealToText, signJwt, unsecuredJwt, type Keyring } from '@signet/keys';
import type { DatabaseClock } from '@signet/persistence';
import {
  formatRefreshToken,
  toSeconds,
  type Authorization,
  type AuthorizationSubject,
  type IdTokenCompanions,
  type ResourceServer,
  type TokenMinter,
} from '@signet/protocol';
import type { KeySets } from '../keys/key-sets.js';
import { statusReference } from '../status-lists/status-list.js';
import { ifAtHand, type Accounts } from './accounts.js';
import { permissionsOf } from './permissions-of.js';
import { accessTokenAlg } from './signing-algs.js';

export interface MinterDeps {
  readonly keys: Pick<KeySets, 'signingKey'>;
  readonly keyring: Keyring;
  readonly clock: Pick<DatabaseClock, 'now'>;
  readonly accounts: Pick<Accounts, 'find'>;
}

/**
 * Makes the tokens of one request, once its right is spent and recorded. All that they need is at hand; only an ID token
 * that is asked to tell of the account, and an access token for a resource server with permissions, want the copy of it.
 */
export class RequestMinter implements TokenMinter {
  constructor(
    private readonly deps: MinterDeps,
    private readonly tenant: Tenant,
    private readonly resourceServers: () => readonly ResourceServer[],
  ) {}

  async accessToken(authorization: Authorization): Promise<{ token: string; expiresIn: number }> {
    const { client, subject, tokenId, scopes, audience, jkt, statusIndex } = authorization;
    const { issuer } = this.tenant;
    const issuedAt = this.deps.clock.now();
    const expiresAt = this.#expiry(issuedAt, authorization);
    const alg = accessTokenAlg(client, audience, this.resourceServers());
    const claims = accessTokenClaims({
      issuer,
      sub: subject.kind === 'account' ? subject.sub : client.clientId,
      audience,
      clientId: client.clientId,
      issuedAt,
      expiresAt,
      tokenId,
      scopes,
      permissions: await permissionsOf(authorization, this.resourceServers(), () => this.#account(subject)),
      ...(subject.kind === 'account' && { authTime: subject.authTime, acr: subject.acr, amr: subject.amr }),
      jkt,
      status: statusIndex === undefined ? undefined : statusReference(this.tenant, statusIndex),
      sealed: this.#sealed(authorization, { iss: issuer, jti: tokenId }),
    });
    const key = await this.deps.keys.signingKey(this.tenant.id, alg);
    const token = await signJwt({ key, typ: ACCESS_TOKEN_TYPE, claims });
    return { token, expiresIn: Math.max(0, toSeconds(expiresAt) - toSeconds(issuedAt)) };
  }

  async idToken(authorization: Authorization, beside: IdTokenCompanions): Promise<string> {
    const { client, subject, nonce } = authorization;
    const { accessToken, cHash, sHash } = beside;
    if (subject.kind !== 'account') throw new TypeError('an ID token speaks of an account');
    const alg = client.idTokenSignedResponseAlg;
    const issuedAt = this.deps.clock.now();
    const claims = idTokenClaims({
      issuer: this.tenant.issuer,
      sub: subject.sub,
      clientId: client.clientId,
      issuedAt,
      expiresAt: this.#expiry(issuedAt, authorization),
      authTime: subject.authTime,
      nonce,
      acr: subject.acr,
      amr: subject.amr,
      sid: subject.sid,
      atHash: alg === 'none' || accessToken === undefined ? undefined : leftHalfHash(alg, accessToken),
      cHash,
      sHash,
      account: await this.#accountClaims(authorization),
    });
    if (alg === 'none') return unsecuredJwt({ typ: ID_TOKEN_TYPE, claims });
    const key = await this.deps.keys.signingKey(this.tenant.id, alg);
    return signJwt({ key, typ: ID_TOKEN_TYPE, claims });
  }

  refreshToken({ refreshToken }: Authorization): string {
    if (refreshToken === undefined) throw new TypeError('there is no refresh token to write');
    return formatRefreshToken(refreshToken, this.tenant.id, refreshMac(this.deps.keyring));
  }

  /**
   * A claim that cannot be had is left out, essential or not (OpenID Connect Core 1.0 section 5.5.1): the right is spent by
   * now, and must not be lost because the directory is away and this replica has no copy of the last hour.
   */
  async #accountClaims(authorization: Authorization) {
    const names = namedClaims(authorization)?.idToken ?? [];
    if (names.length === 0) return undefined;
    const account = await this.#account(authorization.subject);
    return account && accountClaimsOf(account.claims, new Set(names));
  }

  /** Undefined where it cannot be had now. */
  async #account(subject: AuthorizationSubject): Promise<Account | undefined> {
    if (subject.kind !== 'account') return undefined;
    return ifAtHand(() => this.deps.accounts.find(this.tenant.id, accountId.parse(subject.account)));
  }

  /** By the tenant's policy, and never after the session that it belongs to. */
  #expiry(issuedAt: Micros, { expiresAt }: Authorization): Micros {
    const byPolicy = plusSeconds(issuedAt, this.tenant.policies.accessToken.lifetime);
    return expiresAt === undefined ? byPolicy : micros.parse(Math.min(byPolicy, expiresAt));
  }

  #sealed(authorization: Authorization, token: { readonly iss: string; readonly jti: string }): string {
    const { subject } = authorization;
    const { instance, since } = subject;
    const rests =
      subject.kind === 'account'
        ? {
            instance,
            since,
            account: subject.account,
            grant: subject.grant,
            session: subject.session,
            userinfo: namedClaims(authorization)?.userinfo,
          }
        : { instance, since };
    return sealToText(this.deps.keyring, 'claim', formatPrivateClaim(rests), privateClaimContext(token));
  }
}

/** What was asked for by name and granted, as far as the client may ask for it by now. */
function namedClaims({ client, subject }: Authorization): ClaimNames | undefined {
  return subject.kind === 'account' && subject.claims ? claimsWithin(subject.claims, client.scopes) : undefined;
}
