import {
  ACCESS_TOKEN_TYPE,
  accessTokenClaimsSchema,
  parsePrivateClaim,
  PRIVATE_CLAIM,
  privateClaimContext,
  type PrivateClaim,
} from '@signet/claims';
import { micros, type Micros, type Tenant } from '@signet/contracts';
import { openText, unverifiedKeyId, verifyJwt, type Keyring, type VerificationKey } from '@signet/keys';
import type { DatabaseClock } from '@signet/persistence';
import { fromSeconds, signingAlgorithms, toSeconds } from '@signet/protocol';
import type { Floors } from '../floors/floors.js';
import type { KeySets } from '../keys/key-sets.js';

/** An access token of ours that lives. */
export interface LiveAccessToken {
  readonly jti: string;
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly issuedAt: Micros;
  readonly expiresAt: Micros;
  readonly authTime: Micros | undefined;
  readonly acr: string | undefined;
  readonly amr: readonly string[] | undefined;
  /** Thumbprint of the key that it is bound to. */
  readonly jkt: string | undefined;
  /** What revocation floors are held against. */
  readonly rests: PrivateClaim;
}

/** Reads our own access tokens back, without a statement. */
export class AccessTokens {
  constructor(
    private readonly deps: {
      readonly keys: Pick<KeySets, 'verificationKey' | 'isCompromised'>;
      readonly keyring: Keyring;
      readonly clock: Pick<DatabaseClock, 'now'>;
      readonly floors: Pick<Floors, 'deadBy'>;
    },
  ) {}

  /**
   * The token, or undefined for anything that is not an unexpired access token of this tenant under no floor; which of these it was,
   * nobody is told. Does not check its audience. Rejects where floors or keys cannot be known.
   */
  async read(tenant: Tenant, jwt: string): Promise<LiveAccessToken | undefined> {
    const token = await this.verify(tenant, jwt);
    if (token === undefined) return undefined;
    const { rests, jti, clientId } = token;
    const dead = await this.deps.floors.deadBy({
      tenantId: tenant.id,
      clientId,
      jti,
      ...rests,
      since: micros.parse(rests.since),
    });
    if (dead !== undefined) return undefined;
    // The floors are as new as this request needs them, and so is what is known of keys: their poll tells both.
    return this.deps.keys.isCompromised(tenant.id, unverifiedKeyId(jwt) ?? '') ? undefined : token;
  }

  /** As `read`, without the floors. */
  async verify(tenant: Tenant, jwt: string): Promise<LiveAccessToken | undefined> {
    const key = await this.#keyOf(tenant, jwt);
    if (key === undefined) return undefined;
    const verified = verifyJwt({
      jwt,
      keys: () => key,
      typ: ACCESS_TOKEN_TYPE,
      issuer: tenant.issuer,
      algorithms: signingAlgorithms,
      now: toSeconds(this.deps.clock.now()),
    });
    const claims = verified.ok ? accessTokenClaimsSchema.safeParse(verified.claims).data : undefined;
    if (claims === undefined) return undefined;
    const sealed = openText(this.deps.keyring, 'claim', claims[PRIVATE_CLAIM], privateClaimContext(claims));
    const rests = sealed && parsePrivateClaim(Buffer.from(sealed).toString('utf8'));
    if (rests === undefined) return undefined;
    return {
      jti: claims.jti,
      clientId: claims.client_id,
      sub: claims.sub,
      scopes: claims.scope?.split(' ') ?? [],
      audience: [claims.aud].flat(),
      issuedAt: micros.parse(fromSeconds(claims.iat)),
      expiresAt: micros.parse(fromSeconds(claims.exp)),
      authTime: claims.auth_time === undefined ? undefined : micros.parse(fromSeconds(claims.auth_time)),
      acr: claims.acr,
      amr: claims.amr,
      jkt: claims.cnf?.jkt,
      rests,
    };
  }

  async #keyOf(tenant: Tenant, jwt: string): Promise<VerificationKey | undefined> {
    const kid = unverifiedKeyId(jwt);
    return kid === undefined ? undefined : this.deps.keys.verificationKey(tenant.id, kid);
  }
}
