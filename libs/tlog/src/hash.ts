import { createHash } from 'node:crypto';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

export const HASH_LENGTH = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** RFC 6962 section 2.1: of the tree without a leaf. */
export const emptyRoot: Hash = createHash('sha256').digest();

/** RFC 6962 section 2.1: the prefixes keep a leaf from being taken for a node. */
export const leafHash = (entry: Uint8Array): Hash => createHash('sha256').update(leafPrefix).update(entry).digest();

export const nodeHash = (left: Hash, right: Hash): Hash =>
  createHash('sha256').update(nodePrefix).update(left).update(right).digest();

export const sameHash = (left: Hash, right: Hash): boolean => Buffer.compare(left, right) === 0;

/** The root of a perfect tree over hashes side by side: 2^n of them, at least one. */
export function perfectRoot(hashes: Uint8Array): Hash {
  let level = hashes;
  while (level.length > HASH_LENGTH) {
    const above = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < level.length; at += 2 * HASH_LENGTH) {
      const both = createHash('sha256')
        .update(nodePrefix)
        .update(level.subarray(at, at + 2 * HASH_LENGTH));
      both.digest().copy(above, at / 2);
    }
    level = above;
  }
  return level;
}
