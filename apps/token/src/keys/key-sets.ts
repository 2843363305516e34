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
/** Between two readings that an unknown kid asks for: anybody can name one. Milliseconds. */
const askedAgainAfter = 1_000;

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

  /** The tenant's public keys, the oldest first; of the memory alone. */
  publicKeys(tenantId: string): PublicJwk[] {
    const held = [...(this.#tenants.get(tenantId)?.values() ?? [])];
    return held
      .sort((a, b) => a.alg.localeCompare(b.alg) || a.generation - b.generation)
      .map(({ publicJwk }) => publicJwk);
  }

  /** The key that verifies what names this kid. One that is not known yet is looked for, though not every time that somebody asks. */
  async verificationKey(tenantId: string, kid: string): Promise<VerificationKey | undefined> {
    const held = this.#tenants.get(tenantId)?.get(kid);
    if (held !== undefined) return held.verification;
    if (this.#monotonic() - this.#readAt < askedAgainAfter) return undefined;
    await this.refresh();
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

  /** Makes the tenant's first key of an algorithm. False where it had one, of whichever replica. */
  async ensure(tenantId: TenantId, alg: SigningAlgorithm): Promise<boolean> {
    if (this.#newest(tenantId, alg) !== undefined) return false;
    const name = `${tenantId} ${alg}`;
    let making = this.#making.get(name);
    if (making === undefined) {
      making = this.#make(tenantId, alg).finally(() => this.#making.delete(name));
      this.#making.set(name, making);
    }
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
    if (made === undefined) await this.refresh();
    else this.#hold(key);
    return made !== undefined;
  }

  async #read(): Promise<void> {
    const at = this.#monotonic();
    const since = this.#readTo === undefined ? undefined : ((this.#readTo - overlap * 1_000) as Micros);
    const rows = await this.options.database.execute(readKeys, { since });
    for (const { key } of rows) if (key !== undefined) this.#hold(key);
    this.#readTo = rows[0]?.now;
    this.#readAt = at;
  }

  #hold(key: StoredKey): void {
    let tenant = this.#tenants.get(key.tenantId);
    if (tenant === undefined) this.#tenants.set(key.tenantId, (tenant = new Map()));
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
