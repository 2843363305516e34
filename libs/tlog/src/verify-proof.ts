import { HASH_LENGTH, nodeHash, sameHash, type Hash } from './hash.js';
import { floorLog2 } from './subtree.js';

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;
const isNatural = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === HASH_LENGTH);

/** RFC 9162 section 2.1.3.2: whether the leaf of this hash is at this index of the tree of this root. Never throws. */
export function verifyInclusion(
  { index, size }: { readonly index: number; readonly size: number },
  { leaf, root }: { readonly leaf: Hash; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!isNatural(index) || !isNatural(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [first, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(first) || first === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(first) && first !== 0) [first, last] = [half(first), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && sameHash(hash, root);
}

/** A tree as a checkpoint tells of it. */
export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

/**
 * RFC 9162 section 2.1.4.2: whether the tree of `to` begins with that of `from`. From nothing and between equal sizes the proof is
 * empty (C2SP tlog-witness); everything begins with nothing. Never throws.
 */
export function verifyConsistency(from: TreeHead, to: TreeHead, proof: readonly Hash[]): boolean {
  if (!isNatural(from.size) || !isNatural(to.size) || from.size > to.size) return false;
  if (!areHashes([from.root, to.root, ...proof])) return false;
  if (from.size === to.size) return proof.length === 0 && sameHash(from.root, to.root);
  if (from.size === 0) return proof.length === 0;
  // Step 2: a perfect tree's root is the first hash of its own proof, which leaves it out.
  const isPerfect = 2 ** floorLog2(from.size) === from.size;
  const [head, ...rest] = isPerfect ? [from.root, ...proof] : proof;
  if (!head) return false;
  let [first, last] = [from.size - 1, to.size - 1];
  while (isOdd(first)) [first, last] = [half(first), half(last)];
  let [old, grown] = [head, head];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(first) || first === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (!isOdd(first) && first !== 0) [first, last] = [half(first), half(last)];
    } else {
      grown = nodeHash(grown, sibling);
    }
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && sameHash(old, from.root) && sameHash(grown, to.root);
}
