import { ID_TOKEN_TYPE } from '@signet/claims';
import { numericDate, type Tenant, type TenantId } from '@signet/contracts';
import { unverifiedKeyId, verifyJwt, type VerificationKey } from '@signet/keys';
import type { DatabaseClock } from '@signet/persistence';
import { signingAlgorithms, type HintFacts } from '@signet/protocol';
import { z } from 'zod';

/** Keys that a tenant signs with, or ever did. */
export interface HintKeys {
  verificationKey(tenantId: TenantId, kid: string): Promise<VerificationKey | undefined>;
}

/** The three times stand in every ID token and in no userinfo response, which is signed by the same keys under the same `typ`. */
const hintClaims = z.object({
  sub: z.string(),
  exp: z.number(),
  iat: z.number(),
  auth_time: z.number(),
  aud: z.union([z.string(), z.tuple([z.string()])]).transform((aud) => (typeof aud === 'string' ? aud : aud[0])),
  sid: z.string().optional(),
});

/** Reads ID tokens of ours that come back as hints, old ones and those of withdrawn keys too. */
export class IdTokenHints {
  constructor(
    private readonly keys: HintKeys,
    private readonly clock: Pick<DatabaseClock, 'now'>,
  ) {}

  /**
   * What a hint says, if it is an ID token of this tenant: any expiry, any key that it ever published (OpenID Connect Core section 3.1.2.1,
   * RP-Initiated Logout section 2). Anything else, an unsigned one included, is no hint at all: RP-Initiated Logout section 4 has information
   * that failed to validate not used, and what required it aborted.
   */
  async read(hint: string | undefined, tenant: Pick<Tenant, 'id' | 'issuer'>): Promise<HintFacts | 'none'> {
    const kid = hint === undefined ? undefined : unverifiedKeyId(hint);
    if (hint === undefined || kid === undefined) return 'none';
    const key = await this.keys.verificationKey(tenant.id, kid);
    const verified = verifyJwt({
      jwt: hint,
      keys: () => key,
      typ: ID_TOKEN_TYPE,
      issuer: tenant.issuer,
      algorithms: signingAlgorithms,
      now: numericDate(this.clock.now()),
      ignoreExpiry: true,
    });
    const claims = verified.ok ? hintClaims.safeParse(verified.claims) : undefined;
    if (!claims?.success) return 'none';
    const { sub, aud, sid } = claims.data;
    return { sub, clientId: aud, ...(sid !== undefined && { sid }) };
  }
}
