import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Random } from '@signet/protocol';
import { z } from 'zod';
import { decodeBase64url } from './base64url.js';
import { randomText, systemRandom } from './random.js';

/**
 * encryption: private keys and columns at rest; refresh: MAC of refresh tokens; claim: the private claim of access tokens;
 * form: sealed requests in pages; cursor: page cursors; event: personal parts on their way; configuration: plans;
 * client: secrets of clients that must be read back; dpop: nonces of DPoP proofs; network: addresses by which the log is asked.
 */
export const purposes = [
  'encryption',
  'refresh',
  'claim',
  'form',
  'cursor',
  'event',
  'configuration',
  'client',
  'dpop',
  'network',
] as const;
export type Purpose = (typeof purposes)[number];

const KEYS_AT_ONCE = 2;

const keySchema = z.strictObject({
  // In refresh tokens and in the head of sealed texts, so without a dot.
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
  purpose: z.enum(purposes),
  key: z.string().refine((text) => decodeBase64url(text)?.length === 32, 'must be 32 bytes in base64url'),
  createdAt: z.iso.datetime({ offset: true }),
  // From then on new things are made with it; before, it only opens what others have made. Absent: from its making.
  usedFrom: z.iso.datetime({ offset: true }).optional(),
});

const usedFromOf = (key: z.infer<typeof keySchema>): Date => new Date(key.usedFrom ?? key.createdAt);

/** The keyring as a file or a Secret has it, for whoever changes it: all of it is known. */
export const keyringFileSchema = z.strictObject({ keys: z.array(keySchema) }).check(({ value, issues }) => {
  for (const message of faultsOf(value.keys)) issues.push({ code: 'custom', message, path: ['keys'], input: value });
});

/** For whoever uses it. A newer version may have completed it: members and purposes that are not known here are none of ours, and left out. */
const usedKeyringSchema = z
  .object({ keys: z.array(z.unknown()).transform((keys) => keys.map((key) => (isForeign(key) ? null : key))) })
  .pipe(z.object({ keys: z.array(z.object(keySchema.shape).nullable()) }))
  .transform(({ keys }) => keys.filter((key) => key !== null))
  .check(({ value, issues }) => {
    for (const message of faultsOf(value)) issues.push({ code: 'custom', message, path: ['keys'], input: value });
  });

const known: ReadonlySet<unknown> = new Set(purposes);
const isForeign = (key: unknown): boolean =>
  typeof key === 'object' &&
  key !== null &&
  'purpose' in key &&
  typeof key.purpose === 'string' &&
  !known.has(key.purpose);

const faultsOf = (keys: readonly z.infer<typeof keySchema>[]): string[] =>
  purposes.flatMap((purpose) => {
    const ofPurpose = keys.filter((key) => key.purpose === purpose);
    if (ofPurpose.length > KEYS_AT_ONCE) return [`more than ${KEYS_AT_ONCE} keys of the purpose ${purpose}`];
    if (new Set(ofPurpose.map((key) => key.id)).size < ofPurpose.length)
      return [`two keys of the purpose ${purpose} have the same id`];
    if (new Set(ofPurpose.map((key) => usedFromOf(key).getTime())).size < ofPurpose.length)
      return [`two keys of the purpose ${purpose} are used from the same time`];
    return [];
  });

export type KeyringFile = z.infer<typeof keyringFileSchema>;

/** A KeyObject does not show its bytes to a log. */
export interface KeyringKey {
  readonly id: string;
  readonly purpose: Purpose;
  readonly secret: KeyObject;
  readonly usedFrom: Date;
}

/** Symmetric keys by purpose; a key of one purpose is never used for another. */
export class Keyring {
  readonly #keys: readonly KeyringKey[];
  readonly #now: () => number;

  /** `now`: milliseconds since the epoch. */
  constructor(keys: readonly KeyringKey[], now: () => number = Date.now) {
    this.#keys = [...keys].sort((a, b) => b.usedFrom.getTime() - a.usedFrom.getTime());
    this.#now = now;
  }

  /**
   * What new things are made with: the newest key of a purpose whose time has come, which every process has had for a while then; the only
   * one, whatever its time. Throws where this keyring has none.
   */
  current(purpose: Purpose): KeyringKey {
    const keys = this.all(purpose);
    const now = this.#now();
    const key = keys.find(({ usedFrom }) => usedFrom.getTime() <= now) ?? keys.at(-1);
    if (key === undefined) {
      throw new Error(
        `the keyring has no key of the purpose ${purpose}; "signet keyring complete" adds what is missing`,
      );
    }
    return key;
  }

  byId(purpose: Purpose, id: string): KeyringKey | undefined {
    return this.#keys.find((key) => key.purpose === purpose && key.id === id);
  }

  /** The newest first. */
  all(purpose: Purpose): readonly KeyringKey[] {
    return this.#keys.filter((key) => key.purpose === purpose);
  }

  /** A keyring for a service that needs only these. Throws where one of them is missing. */
  restrictTo(wanted: readonly Purpose[]): Keyring {
    for (const purpose of wanted) this.current(purpose);
    return new Keyring(
      this.#keys.filter((key) => wanted.includes(key.purpose)),
      this.#now,
    );
  }
}

/** Throws a ZodError that names every fault with its path; messages hold no key. */
export const loadKeyring = (json: unknown, now?: () => number): Keyring =>
  new Keyring(
    usedKeyringSchema.parse(json).map((key) => ({
      id: key.id,
      purpose: key.purpose,
      secret: createSecretKey(key.key, 'base64url'),
      usedFrom: usedFromOf(key),
    })),
    now,
  );

interface Making {
  readonly random?: Random;
  readonly createdAt?: Date;
}

/** A keyring file with one new key of each purpose. */
export const newKeyring = (options: Making = {}): KeyringFile => completeKeyring({ keys: [] }, options);

/** The same keyring with a new key of each purpose that it has none of: one made before a purpose existed lacks it. */
export const completeKeyring = ({ keys }: KeyringFile, options: Making = {}): KeyringFile => {
  const missing = purposes.filter((purpose) => !keys.some((key) => key.purpose === purpose));
  return { keys: [...keys, ...missing.map((purpose) => newKey(purpose, options))] };
};

/** The same keyring with the next key of a purpose, used from `usedFrom` on. The file's schema says whether there is room for it. */
export const extendKeyring = ({ keys }: KeyringFile, purpose: Purpose, usedFrom: Date, options: Making = {}) => ({
  keys: [...keys, { ...newKey(purpose, options), usedFrom: usedFrom.toISOString() }],
});

const newKey = (purpose: Purpose, { random = systemRandom, createdAt = new Date() }: Making) => ({
  // Not in base64url, which may begin with a dash: an operator types it.
  id: Buffer.from(random.bytes(6)).toString('hex'),
  purpose,
  key: randomText(random, 32),
  createdAt: createdAt.toISOString(),
});
