/** What an installation of Signet is known by. Two that differ here are not one: they share neither a database nor a stream. */
export interface Installation {
  readonly issuer: string;
  /** A check value of each of its keys, which says nothing of the key. */
  readonly keys: readonly string[];
}

/** `keyring`: of the keys that are known, none is in ours. */
export type Kinship = 'same' | 'another issuer' | 'another keyring';

export function kinshipOf(known: Installation, ours: Installation): Kinship {
  if (known.issuer !== ours.issuer) return 'another issuer';
  return known.keys.some((key) => ours.keys.includes(key)) ? 'same' : 'another keyring';
}

/** More than a keyring has at once: one that a process of before the last change of key has left is known as well. */
const keysKept = 8;

/** What is known from now on; undefined where `ours` has nothing new. Keys are only added, or processes on both sides of a change would undo each other's. */
export function learned(known: Installation, ours: Installation): Installation | undefined {
  const added = ours.keys.filter((key) => !known.keys.includes(key));
  return added.length === 0 ? undefined : { ...known, keys: [...added, ...known.keys].slice(0, keysKept) };
}
