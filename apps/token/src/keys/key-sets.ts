import { setTimeout as pause } from 'node:timers/promises';
import { keyCreated, type Micros, type TenantId } from '@signet/contracts';
import {
  generateSigningKey,
  importSigningKey,
  importVerificationKey,
  open,
  seal,
  type Keyring,
  type PublicJwk,
  type SigningKey,
  type VerificationKey,
} from '@signet/keys';
import type { Database } from '@signet/persistence';
import type { SigningAlgorithm } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import { createKey, privateKeyContext, readKeys, type StoredKey } from './store/key-statements.js';

/** What every tenant is prepared with; the other algorithms' keys are made when a client asks for one. */
export const preparedAlgorithms = ['RS256', 'ES256'] as const satisfies readonly SigningAlgorithm[];

export interface KeySetsOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly events: Pick<EventFactory, 'make'>;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
}

interface HeldKey extends StoredKey {
  readonly verification: VerificationKey;
  signing?: SigningKey;
}

/** Commits that were under way at the last reading. Milliseconds. */
const overlap = 60_000;
/** Between two readings that requests ask for: anybody can name an unknown kid. Milliseconds. */
const askedAgainAfter = 100;
/** For which /jwks waits for a reading; then it answers with what is known. Milliseconds. */
const patience = 500;

/**
 * All signing keys, in memory: public halves answer with Postgres away. Keys are never deleted; an id_token_hint may be as old as
 * the first of them.
 */
export class KeySets {
  readonly #tenants = new Map<string, Map<string, HeldKey>>();
  readonly #making = new Map<string, Promise<boolean>>();
  readonly #monotonic: () => number;
  #readTo: Micros | undefined;
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  constructor(private readonly options: KeySetsOptions) {
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Reads what was made since the last reading. Rejects with DatabaseUnavailable; what is in memory stays. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /**
   * The tenant's public keys as they are now, those included that another replica made a moment ago and signs with; what is known
   * where Postgres does not say.
   */
  async publishedKeys(tenantId: string): Promise<PublicJwk[]> {
    const waited = pause(patience, undefined, { ref: false });
    await Promise.race([this.#readAnew().catch(() => undefined), waited]);
    return this.publicKeys(tenantId);
  }

  /** The tenant's public keys, the oldest first; of the memory alone. */
  publicKeys(tenantId: string): PublicJwk[] {
    const held = [...(this.#tenants.get(tenantId)?.values() ?? [])];
    return held
      .sort((a, b) => a.alg.localeCompare(b.alg) || a.generation - b.generation)
      .map(({ publicJwk }) => publicJwk);
  }

  /** The key that verifies what names this kid. One that is not known yet is looked for. */
  async verificationKey(tenantId: string, kid: string): Promise<VerificationKey | undefined> {
    const held = this.#tenants.get(tenantId)?.get(kid);
    if (held !== undefined) return held.verification;
    await this.#readAnew();
    return this.#tenants.get(tenantId)?.get(kid)?.verification;
  }

  /** The key that signs; made now where the tenant has none of this algorithm. */
  async signingKey(tenantId: TenantId, alg: SigningAlgorithm): Promise<SigningKey> {
    const newest = this.#newest(tenantId, alg);
    if (newest === undefined) await this.ensure(tenantId, alg);
    const held = newest ?? this.#newest(tenantId, alg);
    if (held === undefined) throw new Error(`the tenant ${tenantId} has no key for ${alg}`);
    return (held.signing ??= this.#open(held));
  }

  /** Makes the tenant's first key of an algorithm. False where somebody else did, here or at another replica. */
  async ensure(tenantId: TenantId, alg: SigningAlgorithm): Promise<boolean> {
    if (this.#newest(tenantId, alg) !== undefined) return false;
    const name = `${tenantId} ${alg}`;
    const underWay = this.#making.get(name);
    if (underWay !== undefined) return underWay.then(() => false);
    const making = this.#make(tenantId, alg).finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }

  async #make(tenantId: TenantId, alg: SigningAlgorithm): Promise<boolean> {
    await this.refresh();
    if (this.#newest(tenantId, alg) !== undefined) return false;
    const { kid, publicJwk, privatePkcs8 } = await generateSigningKey(alg);
    const { keyring, events, database } = this.options;
    const key: StoredKey & { tenantId: TenantId } = {
      tenantId,
      kid,
      alg,
      generation: 1,
      publicJwk,
      privateKey: seal(keyring, 'encryption', privatePkcs8, privateKeyContext(tenantId, kid)),
    };
    const event = events.make(keyCreated, {
      tenantId,
      aggregate: kid,
      context: { actor: 'service:token' },
      data: { kid, alg },
    });
    const made = await database.first(createKey, { ...key, event });
    if (made === undefined) await this.#readAnew();
    else this.#hold(key);
    return made !== undefined;
  }

  /** A reading that begins after this call. All that ask meanwhile share it, so there are never more than ten a second. */
  #readAnew(): Promise<void> {
    this.#waiting ??= this.#turn().then(() => {
      // Whoever asks from here on comes too late for this reading.
      this.#waiting = undefined;
      return this.refresh();
    });
    return this.#waiting;
  }

  async #turn(): Promise<void> {
    while (this.#reading !== undefined) await this.#reading.catch(() => undefined);
    const wait = this.#readAt + askedAgainAfter - this.#monotonic();
    if (wait > 0) await pause(wait, undefined, { ref: false });
  }

  async #read(): Promise<void> {
    this.#readAt = this.#monotonic();
    const since = this.#readTo === undefined ? undefined : ((this.#readTo - overlap * 1_000) as Micros);
    const rows = await this.options.database.execute(readKeys, { since });
    for (const { key } of rows) if (key !== undefined) this.#hold(key);
    this.#readTo = rows[0]?.now;
  }

  #hold(key: StoredKey): void {
    let tenant = this.#tenants.get(key.tenantId);
    if (tenant === undefined) this.#tenants.set(key.tenantId, (tenant = new Map<string, HeldKey>()));
    if (!tenant.has(key.kid)) tenant.set(key.kid, { ...key, verification: importVerificationKey(key.publicJwk) });
  }

  #newest(tenantId: string, alg: SigningAlgorithm): HeldKey | undefined {
    let newest: HeldKey | undefined;
    for (const key of this.#tenants.get(tenantId)?.values() ?? []) {
      if (key.alg === alg && (newest === undefined || key.generation > newest.generation)) newest = key;
    }
    return newest;
  }

  #open(held: HeldKey): SigningKey {
    const { tenantId, kid, alg, privateKey } = held;
    const privatePkcs8 = open(this.options.keyring, 'encryption', privateKey, privateKeyContext(tenantId, kid));
    if (privatePkcs8 === undefined) {
      throw new Error(`the signing key ${kid} was sealed under a key-encryption key that is not in the keyring`);
    }
    return importSigningKey({ kid, alg, privatePkcs8 });
  }
}
