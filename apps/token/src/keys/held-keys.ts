import type { KeyAlgorithm, Micros, TenantId } from '@signet/contracts';
import type { EncryptionKey, SigningKey, VerificationKey } from '@signet/keys';
import type { ReadKeys, StoredKey } from './store/key-statements.js';

export interface HeldKey extends StoredKey {
  /** What has been made of it so far: most tenants' keys are known long before anybody asks for them. */
  verification?: VerificationKey;
  signing?: SigningKey;
  decryption?: EncryptionKey;
  compromisedAt?: Micros | undefined;
}

/** Keys in memory, by tenant. What was read of a tenant is parsed when somebody asks for it. */
export class HeldKeys {
  readonly #tenants = new Map<string, Map<string, HeldKey>>();
  readonly #unparsed = new Map<string, ReadKeys[]>();
  /** Tenants by kid, which no two of them share: it is a key's thumbprint. */
  readonly #owners = new Map<string, TenantId>();

  /** Kids, and since when. */
  readonly #compromised = new Map<string, Micros>();

  get compromised(): number {
    return this.#compromised.size;
  }

  compromise(kid: string, at: Micros): void {
    if (this.#compromised.has(kid)) return;
    this.#compromised.set(kid, at);
    const held = this.#tenants.get(this.#owners.get(kid) ?? '')?.get(kid);
    if (held === undefined) return;
    held.compromisedAt = at;
    delete held.signing;
    delete held.decryption;
  }

  tenantIds(): readonly TenantId[] {
    return [...new Set(this.#owners.values())];
  }

  ownerOf(kid: string): TenantId | undefined {
    return this.#owners.get(kid);
  }

  /** By kid; empty where the tenant has none. */
  of(tenantId: string): ReadonlyMap<string, HeldKey> {
    this.#parse(tenantId);
    return this.#tenants.get(tenantId) ?? new Map<string, HeldKey>();
  }

  ofAlgorithm(tenantId: string, alg: KeyAlgorithm): HeldKey[] {
    return [...this.of(tenantId).values()].filter((key) => key.alg === alg);
  }

  /** What a reading brought: mostly what an earlier one did. */
  keep(read: ReadKeys): void {
    if (read.kids.every((kid) => this.#owners.has(kid))) return;
    for (const kid of read.kids) this.#owners.set(kid, read.tenantId);
    const unparsed = this.#unparsed.get(read.tenantId);
    if (unparsed) unparsed.push(read);
    else this.#unparsed.set(read.tenantId, [read]);
  }

  hold(key: StoredKey): void {
    this.#parse(key.tenantId);
    this.#owners.set(key.kid, key.tenantId);
    this.#add([key]);
  }

  #parse(tenantId: string): void {
    const unparsed = this.#unparsed.get(tenantId);
    if (unparsed === undefined) return;
    this.#add(unparsed.flatMap((read) => read.keys()));
    // Only now: what does not parse is tried again, and not lost.
    this.#unparsed.delete(tenantId);
  }

  #add(keys: readonly StoredKey[]): void {
    for (const key of keys) {
      let tenant = this.#tenants.get(key.tenantId);
      if (tenant === undefined) this.#tenants.set(key.tenantId, (tenant = new Map<string, HeldKey>()));
      if (!tenant.has(key.kid)) tenant.set(key.kid, { ...key, compromisedAt: this.#compromised.get(key.kid) });
    }
  }
}
