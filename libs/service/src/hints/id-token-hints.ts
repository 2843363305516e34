import { findPublicKeys, numericDate, type Tenant, type TenantId } from '@signet/contracts';
import { importVerificationKey, publicJwkSchema, unverifiedKeyId, verifyJwt, type VerificationKey } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import type { DatabaseClock } from '@signet/persistence';
import { signingAlgorithms, type HintFacts } from '@signet/protocol';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** Milliseconds that a tenant's keys are kept; and after which they are read again for a key that is not among them. */
const freshFor = 60_000;
const askAgainAfter = 1_000;

interface KnownKeys {
  readonly byId: ReadonlyMap<string, VerificationKey>;
  readonly readAt: number;
}

const hintClaims = z.object({
  sub: z.string(),
  aud: z.union([z.string(), z.tuple([z.string()])]).transform((aud) => (typeof aud === 'string' ? aud : aud[0])),
  sid: z.string().optional(),
});

/** Reads ID tokens of ours that come back as hints, old ones and those of withdrawn keys too. */
export class IdTokenHints {
  readonly #known = new LRUCache<string, KnownKeys>({ max: 5_000, ttl: freshFor });
  readonly #reading = new Map<string, Promise<KnownKeys>>();

  constructor(
    private readonly requester: Pick<Requester, 'request'>,
    private readonly clock: Pick<DatabaseClock, 'now'>,
  ) {}

  /**
   * What a hint says, if it is an ID token of this tenant: any expiry, any key that it ever published (OpenID Connect Core section 3.1.2.1,
   * RP-Initiated Logout section 2). Anything else, an unsigned one included, is no hint at all.
   */
  async read(hint: string | undefined, tenant: Pick<Tenant, 'id' | 'issuer'>): Promise<HintFacts | 'none'> {
    const kid = hint === undefined ? undefined : unverifiedKeyId(hint);
    if (hint === undefined || kid === undefined) return 'none';
    const key = await this.#key(tenant.id, kid);
    const verified = verifyJwt({
      jwt: hint,
      keys: () => key,
      typ: 'JWT',
      issuer: tenant.issuer,
      algorithms: signingAlgorithms,
      now: numericDate(this.clock.now()),
      ignoreExpiry: true,
    });
    const claims = verified.ok ? hintClaims.safeParse(verified.claims) : undefined;
    if (!claims?.success) return 'none';
    const { aud, sid, ...named } = claims.data;
    return { ...named, clientId: aud, ...(sid !== undefined && { sid }) };
  }

  async #key(tenantId: TenantId, kid: string): Promise<VerificationKey | undefined> {
    const known = this.#known.get(tenantId);
    const key = known?.byId.get(kid);
    if (key !== undefined || (known && performance.now() - known.readAt < askAgainAfter)) return key;
    return (await this.#read(tenantId)).byId.get(kid);
  }

  /** Anybody can name an unknown key: all that do so at once share one message. */
  #read(tenantId: TenantId): Promise<KnownKeys> {
    const underWay = this.#reading.get(tenantId);
    if (underWay !== undefined) return underWay;
    const reading = this.#ask(tenantId).finally(() => this.#reading.delete(tenantId));
    this.#reading.set(tenantId, reading);
    return reading;
  }

  async #ask(tenantId: TenantId): Promise<KnownKeys> {
    const readAt = performance.now();
    const { keys } = await this.requester.request(findPublicKeys, { tenantId });
    const imported = keys.map((jwk) => importVerificationKey(publicJwkSchema.parse(jwk)));
    const known = { byId: new Map(imported.map((key) => [key.kid, key])), readAt };
    this.#known.set(tenantId, known);
    return known;
  }
}
