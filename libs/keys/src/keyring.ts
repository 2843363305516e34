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
});

/** The keyring as a file or a Secret has it. */
export const keyringFileSchema = z.strictObject({ keys: z.array(keySchema) }).check(({ value, issues }) => {
  for (const purpose of purposes) {
    const ofPurpose = value.keys.filter((key) => key.purpose === purpose);
    const fault =
      ofPurpose.length > KEYS_AT_ONCE
        ? `more than ${KEYS_AT_ONCE} keys of the purpose ${purpose}`
        : new Set(ofPurpose.map((key) => key.id)).size < ofPurpose.length
          ? `two keys of the purpose ${purpose} have the same id`
          : new Set(ofPurpose.map((key) => Date.parse(key.createdAt))).size < ofPurpose.length
            ? `two keys of the purpose ${purpose} have the same createdAt`
            : undefined;
    if (fault !== undefined) issues.push({ code: 'custom', message: fault, path: ['keys'], input: value });
  }
});
export type KeyringFile = z.infer<typeof keyringFileSchema>;

/** A KeyObject does not show its bytes to a log. */
export interface KeyringKey {
  readonly id: string;
  readonly purpose: Purpose;
  readonly secret: KeyObject;
  readonly createdAt: Date;
}

/** Symmetric keys by purpose; a key of one purpose is never used for another. */
export class Keyring {
  readonly #keys: readonly KeyringKey[];

  constructor(keys: readonly KeyringKey[]) {
    this.#keys = [...keys].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  /** The newest key of a purpose: what new things are made with. Throws where this keyring has none. */
  current(purpose: Purpose): KeyringKey {
    const key = this.#keys.find((candidate) => candidate.purpose === purpose);
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
    return new Keyring(this.#keys.filter((key) => wanted.includes(key.purpose)));
  }
}

/** Throws a ZodError that names every fault with its path; messages hold no key. */
export const loadKeyring = (json: unknown): Keyring =>
  new Keyring(
    keyringFileSchema.parse(json).keys.map((key) => ({
      id: key.id,
      purpose: key.purpose,
      secret: createSecretKey(key.key, 'base64url'),
      createdAt: new Date(key.createdAt),
    })),
  );

interface Making {
  readonly random?: Random;
  readonly createdAt?: Date;
}

/** A keyring file with one new key of each purpose. */
export const newKeyring = (options: Making = {}): KeyringFile => completeKeyring({ keys: [] }, options);

/** The same keyring with a new key of each purpose that it has none of: one made before a purpose existed lacks it. */
export const completeKeyring = ({ keys }: KeyringFile, options: Making = {}): KeyringFile => {
  const { random = systemRandom, createdAt = new Date() } = options;
  const missing = purposes.filter((purpose) => !keys.some((key) => key.purpose === purpose));
  const made = missing.map((purpose) => ({
    id: randomText(random, 6),
    purpose,
    key: randomText(random, 32),
    createdAt: createdAt.toISOString(),
  }));
  return { keys: [...keys, ...made] };
};
