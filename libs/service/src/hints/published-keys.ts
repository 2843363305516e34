import { findPublicKeys, type TenantId } from '@signet/contracts';
import { importVerificationKey, publicJwkSchema, type VerificationKey } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import { BoundedMap } from '../bounded-map.js';
import type { HintKeys } from './id-token-hints.js';

/** Milliseconds that a tenant's keys are kept; and after which they are read again for a key that is not among them. */
const freshFor = 60_000;
const askAgainAfter = 1_000;

interface KnownKeys {
  readonly byId: ReadonlyMap<string, VerificationKey>;
  readonly readAt: number;
}

/** Every key that a tenant has ever published, asked of token, which has them. */
export class PublishedKeys implements HintKeys {
  readonly #known = new BoundedMap<string, KnownKeys>(5_000);
  readonly #reading = new Map<string, Promise<KnownKeys>>();

  constructor(private readonly requester: Pick<Requester, 'request'>) {}

  async verificationKey(tenantId: TenantId, kid: string): Promise<VerificationKey | undefined> {
    const known = this.#known.get(tenantId);
    const age = known ? performance.now() - known.readAt : Infinity;
    const key = age < freshFor ? known?.byId.get(kid) : undefined;
    if (key !== undefined || age < askAgainAfter) return key;
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
