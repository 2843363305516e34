import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { emptyRoot, leafHash, type Hash } from './hash.js';
import { levelSize, tileAt, TILE_WIDTH, tilePath } from './tile.js';
import { TreeEdge } from './tree-edge.js';
import { consistencyPath, hashesOf, inclusionPath, tilesFor } from './tree-proof.js';
import { verifyConsistency, verifyInclusion } from './verify-proof.js';

const hex = (hash: Uint8Array | undefined): string => Buffer.from(hash ?? []).toString('hex');
const bytes = (text: string): Buffer => Buffer.from(text, 'hex');
const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The definitions of RFC 6962 section 2.1 word by word, slow and beyond doubt. */
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};
function mth(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (!only) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), only);
  const k = split(leaves.length);
  return sha256(Uint8Array.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
function path(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}
function subproof(m: number, leaves: readonly Uint8Array[], known: boolean): Buffer[] {
  if (m === leaves.length) return known ? [] : [mth(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), known), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}

/** Mulberry32: the same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A log of this size as a reader sees it: tiles by their path, none wider than the size allows. */
function grown(leaves: readonly Uint8Array[]) {
  const edge = new TreeEdge();
  const full = new Map<string, Uint8Array>();
  for (const leaf of leaves)
    for (const { level, index, hashes } of edge.append(leafHash(leaf)))
      full.set(tilePath({ level, index, width: TILE_WIDTH }), hashes);
  const tiles = new Map(full);
  edge.partial().forEach((hashes, level) => {
    const tile = tileAt(leaves.length, level, Math.floor(levelSize(leaves.length, level) / TILE_WIDTH));
    if (tile) tiles.set(tilePath(tile), hashes);
  });
  const proof = (ranges: ReturnType<typeof inclusionPath>): Hash[] => {
    const wanted = new Set(tilesFor(ranges, leaves.length).map(tilePath));
    return hashesOf(ranges, leaves.length, (tile) => {
      const hashes = tiles.get(tilePath(tile));
      if (!hashes || !wanted.has(tilePath(tile))) throw new Error(`no ${tilePath(tile)}`);
      return hashes;
    });
  };
  return { edge, tiles, proof };
}

const random = numbers(6962);
const entries = Array.from({ length: 1_100 }, (_, place) => Buffer.from(`entry ${place} ${random(1_000)}`));
const of = (size: number): Buffer[] => entries.slice(0, size);
const sizes = [1, 2, 3, 8, 255, 256, 257, 512, 513, 1_025];

// google/certificate-transparency and transparency-dev/merkle, testonly/constants: the leaves and roots that implementations share.
const published = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const publishedRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the published tree', () => {
  it('has these roots', () => {
    const edge = new TreeEdge();
    expect(hex(edge.root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [place, leaf] of published.entries()) {
      edge.append(leafHash(bytes(leaf)));
      expect(hex(edge.root())).toBe(publishedRoots[place]);
    }
  });

  it.each([
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('has this proof of leaf %i in %i', (index, size, expected) => {
    const { proof } = grown(published.slice(0, size).map(bytes));
    expect(proof(inclusionPath(index, size)).map(hex)).toEqual(expected);
  });

  it.each([
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
    [
      6,
      7,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
  ])('has this proof that %i grew to %i', (from, to, expected) => {
    const { proof } = grown(published.slice(0, to).map(bytes));
    expect(proof(consistencyPath(from, to)).map(hex)).toEqual(expected);
  });
});

describe('a tree of tiles', () => {
  it.each(sizes)('of %i has the root of the definition', (size) => {
    expect(hex(grown(of(size)).edge.root())).toBe(hex(mth(of(size))));
  });

  it.each(sizes)('of %i goes on from its partial tiles', (size) => {
    const { edge } = grown(of(size));
    const resumed = new TreeEdge(size, edge.partial());
    for (const entry of entries.slice(size)) resumed.append(leafHash(entry));
    expect(hex(resumed.root())).toBe(hex(mth(entries)));
  });

  it('does not go on from tiles of another size', () => {
    expect(() => new TreeEdge(3, [new Uint8Array(64)])).toThrow('level 0');
    expect(() => new TreeEdge(256, [])).toThrow('level 1');
  });

  it.each(sizes)('of %i proves what the definition does', (size) => {
    const { edge, proof } = grown(of(size));
    const root = edge.root();
    const places = new Set([0, size - 1, ...Array.from({ length: 4 }, () => random(size))]);
    for (const index of places) {
      const hashes = proof(inclusionPath(index, size));
      expect(hashes.map(hex)).toEqual(path(index, of(size)).map(hex));
      const leaf = leafHash(entries[index] ?? Buffer.alloc(0));
      expect(verifyInclusion({ index, size }, { leaf, root }, hashes)).toBe(true);
    }
    for (const place of places) {
      const from = { size: place + 1, root: mth(of(place + 1)) };
      const hashes = proof(consistencyPath(from.size, size));
      expect(hashes.map(hex)).toEqual(subproof(from.size, of(size), true).map(hex));
      expect(verifyConsistency(from, { size, root }, hashes)).toBe(true);
    }
  });
});

describe('every proof of a small tree', () => {
  const most = 20;
  const roots = Array.from({ length: most + 1 }, (_, size) => mth(of(size)));
  const head = (size: number) => ({ size, root: roots[size] ?? emptyRoot });
  const flipped = (hash: Hash, bit: number): Hash => {
    const changed = Buffer.from(hash);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return changed;
  };
  /** A proof with one thing about it changed, in every way. */
  const spoilt = (proof: readonly Hash[]): Hash[][] => [
    ...proof.map((hash, place) => proof.with(place, flipped(hash, random(256)))),
    ...proof.map((_, place) => proof.toSpliced(place, 1)),
    ...Array.from({ length: proof.length + 1 }, (_, place) => proof.toSpliced(place, 0, leafHash(Buffer.of(place)))),
    [...proof, new Uint8Array()],
    ...(proof.length > 1 && hex(proof[0]) !== hex(proof.at(-1)) ? [proof.toReversed()] : []),
  ];

  it('of inclusion holds for its leaf, its place and its size alone', () => {
    for (let size = 1; size <= most; size += 1) {
      const { proof } = grown(of(size));
      for (let index = 0; index < size; index += 1) {
        const hashes = proof(inclusionPath(index, size));
        const leaf = leafHash(entries[index] ?? Buffer.alloc(0));
        const { root } = head(size);
        expect(verifyInclusion({ index, size }, { leaf, root }, hashes)).toBe(true);
        for (let other = 0; other < size; other += 1)
          expect(verifyInclusion({ index: other, size }, { leaf, root }, hashes)).toBe(other === index);
        expect(verifyInclusion({ index, size }, { leaf: flipped(leaf, random(256)), root }, hashes)).toBe(false);
        expect(verifyInclusion({ index, size }, { leaf, root: flipped(root, random(256)) }, hashes)).toBe(false);
        for (const wrong of spoilt(hashes)) expect(verifyInclusion({ index, size }, { leaf, root }, wrong)).toBe(false);
      }
    }
  });

  it('of consistency holds for its two trees alone', () => {
    for (let to = 0; to <= most; to += 1) {
      const { proof } = grown(of(to));
      for (let from = 0; from <= to; from += 1) {
        const hashes = proof(consistencyPath(from, to));
        expect(verifyConsistency(head(from), head(to), hashes)).toBe(true);
        for (const wrong of spoilt(hashes)) expect(verifyConsistency(head(from), head(to), wrong)).toBe(false);
        if (from === 0) continue;
        const forked = { size: from, root: flipped(head(from).root, random(256)) };
        expect(verifyConsistency(forked, head(to), hashes)).toBe(false);
        expect(verifyConsistency(head(from), { size: to, root: flipped(head(to).root, 3) }, hashes)).toBe(false);
        if (from < to) expect(verifyConsistency(head(to), head(from), hashes)).toBe(false);
      }
    }
  });

  it.each([-1, 0.5, NaN, 2 ** 60])('is nothing for a size of %d', (size) => {
    const { root } = head(1);
    expect(verifyInclusion({ index: 0, size }, { leaf: root, root }, [])).toBe(false);
    expect(verifyConsistency({ size, root }, { size, root }, [])).toBe(false);
  });
});

describe('beyond 2^32 leaves', () => {
  const size = 2 ** 40 + 2 ** 33 + 5;

  it('the paths name perfect subtrees and whole tiles', () => {
    expect(inclusionPath(2 ** 40 + 1, size)).toHaveLength(35);
    expect(consistencyPath(2 ** 40, size)).toEqual([{ start: 2 ** 40, end: size }]);
    expect(tilesFor([{ start: 0, end: 2 ** 40 }], size).map(tilePath)).toEqual(['tile/5/000.p/1']);
    expect(tilesFor([{ start: size - 1, end: size }], size).map(tilePath)).toEqual(['tile/0/x004/x328/x521/728.p/5']);
  });
});
