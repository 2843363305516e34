import { setTimeout as pause } from 'node:timers/promises';
import {
  keyCompromised,
  keyCreated,
  type EventContext,
  type KeyAlgorithm,
  type Micros,
  type TenantId,
} from '@signet/contracts';
import {
  generateEncryptionKey,
  generateSigningKey,
  importEncryptionKey,
  importSigningKey,
  importVerificationKey,
  open,
  seal,
  type EncryptionKey,
  type Keyring,
  type PublicJwk,
  type SigningKey,
  type VerificationKey,
} from '@signet/keys';
import type { Database, DatabaseClock } from '@signet/persistence';
import { keyEncryptionAlgorithms, signingAlgorithms, type SigningAlgorithm } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import { HeldKeys, type HeldKey } from './held-keys.js';
import { isPublished, keyInUse, publishedAhead } from './key-schedule.js';
import {
  compromiseKey,
  createKey,
  privateKeyContext,
  readCompromised,
  readKeys,
  readPrivateKey,
  type StoredKey,
} from './store/key-statements.js';

/** What every tenant is prepared with; the other algorithms' keys are made when a client asks for one. */
export const preparedAlgorithms = ['RS256', 'ES256', ...keyEncryptionAlgorithms] as const;

export const keyAlgorithms: readonly KeyAlgorithm[] = [...signingAlgorithms, ...keyEncryptionAlgorithms];

export interface KeySetsOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly events: Pick<EventFactory, 'make'>;
  readonly clock: Pick<DatabaseClock, 'now' | 'known'>;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
}

export interface Rotation {
  /** Seconds for which the new key is published before it is used. */
  readonly ahead?: number;
  readonly reason: 'requested' | 'policy' | 'compromised';
  readonly context: EventContext;
}

type Making = Partial<Rotation> & Required<Pick<Rotation, 'ahead' | 'context'>>;

/** Commits that were under way at the last reading. Milliseconds. */
const overlap = 60_000;
/** Between two readings that requests ask for: anybody can name an unknown kid. Milliseconds. */
const askedAgainAfter = 100;
/** For which /jwks waits for a reading; then it answers with what is known. Milliseconds. */
const patience = 500;

/**
 * All keys of the tenants, in memory: public halves answer with Postgres away. Keys are never deleted; an id_token_hint may be as old as
 * the first of them. What a compromised one signed is taken by nobody.
 */
export class KeySets {
  readonly #held = new HeldKeys();
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
   * The public keys that the tenant uses now, soon, or did a while ago, those included that another replica made a moment ago;
   * what is known where Postgres does not say.
   */
  async publishedKeys(tenantId: string): Promise<StoredKey['publicJwk'][]> {
    const waited = pause(patience, undefined, { ref: false });
    await Promise.race([this.#readAnew().catch(() => undefined), waited]);
    const { clock } = this.options;
    const now = clock.known() ? clock.now() : undefined;
    return this.keys(tenantId)
      .filter((key) =>
        now === undefined
          ? key.compromisedAt === undefined
          : isPublished(key, this.#held.ofAlgorithm(tenantId, key.alg), now),
      )
      .map(({ publicJwk }) => publicJwk);
  }

  /** Every public key that the tenant ever signed with and that is not compromised, the oldest first; of the memory alone. */
  publicKeys(tenantId: string): PublicJwk[] {
    return this.keys(tenantId).flatMap(({ publicJwk, compromisedAt }) =>
      publicJwk.use === 'sig' && compromisedAt === undefined ? [publicJwk] : [],
    );
  }

  /** Whether what the key signed is good for nothing, as far as the last reading says. */
  isCompromised(tenantId: string, kid: string): boolean {
    return this.#held.of(tenantId).get(kid)?.compromisedAt !== undefined;
  }

  /** A poll has counted so many compromised keys, of all tenants: if they are more than are known, reads which, and what has replaced them. */
  async seeCompromised(count: number): Promise<void> {
    if (count !== this.#held.compromised) await this.#readAnew();
  }

  /** As the table has them, the oldest first; of the memory alone. */
  keys(tenantId: string): StoredKey[] {
    const held = [...this.#held.of(tenantId).values()];
    return held.sort((a, b) => a.alg.localeCompare(b.alg) || a.generation - b.generation);
  }

  tenantIds(): readonly TenantId[] {
    return this.#held.tenantIds();
  }

  /** The key that verifies what names this kid; none where it is compromised. One that is not known yet is looked for. */
  async verificationKey(tenantId: string, kid: string): Promise<VerificationKey | undefined> {
    const held = this.#held.of(tenantId).get(kid);
    if (held !== undefined) return verificationOf(held);
    await this.#readAnew();
    const found = this.#held.of(tenantId).get(kid);
    return found && verificationOf(found);
  }

  /** The tenant whose key is called so. One that is not known yet is looked for. */
  async ownerOf(kid: string): Promise<TenantId | undefined> {
    if (this.#held.ownerOf(kid) === undefined) await this.#readAnew();
    return this.#held.ownerOf(kid);
  }

  /** The key that signs; made now where the tenant has none of this algorithm. */
  async signingKey(tenantId: TenantId, alg: SigningAlgorithm): Promise<SigningKey> {
    if (this.#held.ofAlgorithm(tenantId, alg).length === 0) await this.ensure(tenantId, alg);
    const held = this.#inUse(tenantId, alg);
    if (held.signing !== undefined) return held.signing;
    const privatePkcs8 = await this.#privateHalf(held);
    if (privatePkcs8 !== undefined) return (held.signing = importSigningKey({ ...held, alg, privatePkcs8 }));
    // Compromised a moment ago, which this replica has not seen yet.
    await this.#readAnew();
    const successor = this.#inUse(tenantId, alg);
    return importSigningKey({
      ...successor,
      alg,
      privatePkcs8: present(successor, await this.#privateHalf(successor)),
    });
  }

  #inUse(tenantId: TenantId, alg: KeyAlgorithm): HeldKey {
    const held = keyInUse(this.#held.ofAlgorithm(tenantId, alg), this.options.clock.now());
    if (held === undefined) throw new Error(`the tenant ${tenantId} has no key for ${alg}`);
    return held;
  }

  /** What opens that which was encrypted to the tenant by a public key of its own. */
  async encryptionKeys(tenantId: TenantId): Promise<EncryptionKey[]> {
    for (const alg of keyEncryptionAlgorithms) await this.ensure(tenantId, alg);
    const keys = keyEncryptionAlgorithms.flatMap((alg) =>
      this.#held
        .ofAlgorithm(tenantId, alg)
        .filter(({ compromisedAt }) => compromisedAt === undefined)
        .map(async (held) => {
          if (held.decryption !== undefined) return [held.decryption];
          const privatePkcs8 = await this.#privateHalf(held);
          if (privatePkcs8 === undefined) return [];
          return [(held.decryption = importEncryptionKey({ ...held, alg, privatePkcs8 }))];
        }),
    );
    return (await Promise.all(keys)).flat();
  }

  /** Makes the tenant's first key of an algorithm. False where somebody else did, here or at another replica. */
  async ensure(tenantId: TenantId, alg: KeyAlgorithm): Promise<boolean> {
    if (this.#held.ofAlgorithm(tenantId, alg).length > 0) return false;
    const name = `${tenantId} ${alg}`;
    const underWay = this.#making.get(name);
    if (underWay !== undefined) return underWay.then(() => false);
    const making = this.#makeFirst(tenantId, alg).finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }

  /**
   * Makes the next key of an algorithm, published from now on and used after `ahead`. False where another replica has made that
   * generation at the same time: its key counts.
   */
  async rotate(tenantId: TenantId, alg: KeyAlgorithm, rotation: Rotation): Promise<boolean> {
    await this.#readAnew();
    return this.#make(tenantId, alg, this.#lastGeneration(tenantId, alg) + 1, { ahead: publishedAhead, ...rotation });
  }

  /**
   * The same within a transaction of the caller's, who has this replica read the key once it is committed (`refresh`).
   * Undefined where another replica has made that generation.
   */
  async rotateIn(
    tx: Pick<Database, 'first'>,
    tenantId: TenantId,
    alg: KeyAlgorithm,
    rotation: Rotation,
  ): Promise<StoredKey | undefined> {
    const generation = this.#lastGeneration(tenantId, alg) + 1;
    return this.#store(tx, tenantId, alg, generation, { ahead: publishedAhead, ...rotation });
  }

  /**
   * Takes a key that became known out of use within a transaction of the caller's, and where it is in use or waits for its time, puts a new one
   * in its place. The private half is erased. Undefined where somebody else did either at the same time: begin again. `refresh` once it is
   * committed; other replicas see it by their poll.
   */
  async compromiseIn(
    tx: Pick<Database, 'first'>,
    { tenantId, kid, alg, generation }: StoredKey,
    by: Pick<Rotation, 'context'> & { readonly reason: string },
  ): Promise<{ readonly compromisedAt: Micros } | undefined> {
    const inUse = this.#inUse(tenantId, alg);
    let successor: StoredKey | undefined;
    if (inUse.generation <= generation) {
      const making = { ahead: 0, reason: 'compromised', context: by.context } as const;
      successor = await this.rotateIn(tx, tenantId, alg, making);
      if (successor === undefined) return undefined;
    }
    const event = this.options.events.make(keyCompromised, {
      ...{ tenantId, aggregate: kid, context: by.context, reason: by.reason },
      data: { kid, alg, ...(successor && { successor: successor.kid }) },
    });
    const compromised = await tx.first(compromiseKey, { tenantId, kid, event });
    return compromised && { compromisedAt: compromised.at };
  }

  async #makeFirst(tenantId: TenantId, alg: KeyAlgorithm): Promise<boolean> {
    await this.refresh();
    if (this.#held.ofAlgorithm(tenantId, alg).length > 0) return false;
    return this.#make(tenantId, alg, 1, { ahead: 0, context: { actor: 'service:token' } });
  }

  async #make(tenantId: TenantId, alg: KeyAlgorithm, generation: number, making: Making): Promise<boolean> {
    const made = await this.#store(this.options.database, tenantId, alg, generation, making);
    if (made === undefined) await this.#readAnew();
    else this.#held.hold(made);
    return made !== undefined;
  }

  async #store(
    on: Pick<Database, 'first'>,
    tenantId: TenantId,
    alg: KeyAlgorithm,
    generation: number,
    { ahead, reason, context }: Making,
  ): Promise<StoredKey | undefined> {
    const { kid, publicJwk, privatePkcs8 } = await generate(alg);
    const { keyring, events } = this.options;
    const key = { tenantId, kid, alg, generation, publicJwk };
    const privateKey = seal(keyring, 'encryption', privatePkcs8, privateKeyContext(tenantId, kid));
    const event = events.make(keyCreated, {
      tenantId,
      aggregate: kid,
      context,
      ...(reason !== undefined && { reason }),
      data: { kid, alg, publishedAhead: ahead },
    });
    const made = await on.first(createKey, { ...key, privateKey, publishedAhead: ahead, event });
    return made && { ...key, ...made };
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
    // Before the keys, so that these have what replaced them.
    const compromised = await this.options.database.execute(readCompromised, undefined);
    const rows = await this.options.database.execute(readKeys, { since });
    for (const { read } of rows) if (read !== undefined) this.#held.keep(read);
    for (const { kid, at } of compromised) this.#held.compromise(kid, at);
    this.#readTo = rows[0]?.now;
  }

  #lastGeneration(tenantId: TenantId, alg: KeyAlgorithm): number {
    return Math.max(0, ...this.#held.ofAlgorithm(tenantId, alg).map(({ generation }) => generation));
  }

  /** PKCS #8; read when it is used first, and not held beside the key that is made of it. Undefined once it is erased. */
  async #privateHalf({ tenantId, kid }: HeldKey): Promise<Uint8Array | undefined> {
    const privateKey = await this.options.database.first(readPrivateKey, { tenantId, kid });
    if (privateKey === undefined) throw new Error(`the key ${kid} is not in the table any more`);
    if (privateKey === null) return undefined;
    const privatePkcs8 = open(this.options.keyring, 'encryption', privateKey, privateKeyContext(tenantId, kid));
    if (privatePkcs8 === undefined) {
      throw new Error(`the key ${kid} was sealed under a key-encryption key that is not in the keyring`);
    }
    return privatePkcs8;
  }
}

/** Of a key that signs. */
function verificationOf(held: HeldKey): VerificationKey | undefined {
  const { publicJwk, compromisedAt } = held;
  return publicJwk.use === 'sig' && compromisedAt === undefined
    ? (held.verification ??= importVerificationKey(publicJwk))
    : undefined;
}

const isSigning = (alg: KeyAlgorithm): alg is SigningAlgorithm =>
  (signingAlgorithms as readonly string[]).includes(alg);
const generate = (alg: KeyAlgorithm) => (isSigning(alg) ? generateSigningKey(alg) : generateEncryptionKey(alg));

function present({ kid }: HeldKey, privatePkcs8: Uint8Array | undefined): Uint8Array {
  if (privatePkcs8 === undefined) throw new Error(`the key ${kid} is compromised, and nothing has replaced it`);
  return privatePkcs8;
}
