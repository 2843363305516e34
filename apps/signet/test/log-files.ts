import { createHash, createPrivateKey } from 'node:crypto';
import {
  encodeBundle,
  leafHash,
  levelSize,
  noteKey,
  parseBundle,
  signCheckpoint,
  tileAt,
  tilePath,
  TILE_WIDTH,
  TreeEdge,
} from '@signet/tlog';
import type { LogSource } from '../src/audit-log/log-source.js';

/** Of a seed the same each time. */
export const privateKey = (seed: string) =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      createHash('sha256').update(seed).digest(),
    ]),
    format: 'der',
    type: 'pkcs8',
  });
export const origin = 'id.example/audit/v1/log';
const signing = privateKey('log');
export const key = noteKey(origin, 'ed25519', signing);

export interface Event {
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly tenant?: string;
  readonly aggregate?: string;
  readonly version?: number;
  readonly data?: object;
}

export const idOf = (index: number) => `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Entry `index` of a log: every third one is of an aggregate with many versions. */
export function entryOf(index: number, { id = idOf(index), ...event }: Event = {}): Buffer {
  const ofMany = index % 3 === 0;
  return Buffer.from(
    JSON.stringify({
      ...{ specversion: '1.0', id, source: event.source ?? '/signet/token' },
      ...{ type: event.type ?? 'signet.token.access-token.issued.v1' },
      ...{ tenant: event.tenant ?? 't', aggregate: event.aggregate ?? (ofMany ? 'client:a' : `access-token:${id}`) },
      ...{ aggregateversion: event.version ?? (ofMany ? index / 3 + 1 : 1), data: event.data ?? {} },
    }),
  );
}

export const log = (size: number, changed: ReadonlyMap<number, Event> = new Map()): Buffer[] =>
  Array.from({ length: size }, (_, index) => entryOf(index, changed.get(index)));

export type Files = Map<string, Uint8Array>;

/** The files of a log with these entries. */
export function filesOf(entries: readonly Uint8Array[], signedBy = signing): Files {
  const files: Files = new Map();
  const edge = new TreeEdge();
  for (const entry of entries)
    for (const tile of edge.append(leafHash(entry))) files.set(tilePath({ ...tile, width: TILE_WIDTH }), tile.hashes);
  edge.partial().forEach((hashes, level) => {
    const tile = tileAt(edge.size, level, Math.floor(levelSize(edge.size, level) / TILE_WIDTH));
    if (tile) files.set(tilePath(tile), hashes);
  });
  for (let index = 0; index * TILE_WIDTH < entries.length; index += 1) {
    const tile = tileAt(entries.length, 'entries', index);
    if (tile) files.set(tilePath(tile), encodeBundle(entries.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)));
  }
  files.set('checkpoint', Buffer.from(signCheckpoint({ origin, size: edge.size, root: edge.root() }, signedBy)));
  return files;
}

export const fileOf = (files: Files, path: string): Uint8Array => files.get(path) ?? new Uint8Array();

export const sourceOf = (files: ReadonlyMap<string, Uint8Array>): LogSource => ({
  read: (path) => Promise.resolve(files.get(path)),
});

/** A log that has the next of these files each time it is waited for. */
export function growing(...states: readonly Files[]): LogSource {
  let at = 0;
  return {
    read: (path) => Promise.resolve(states[at]?.get(path)),
    wait: () => {
      const more = at + 1 < states.length;
      if (more) at += 1;
      return Promise.resolve(more);
    },
  };
}

/** The event of so many entries that retention has dropped. */
export const droppedPiece = (first: number, last: number, count: number): Event => ({
  ...{ source: '/signet/audit', type: 'signet.audit.entries.dropped.v1' },
  ...{ aggregate: `retention:${idOf(0)}`, version: 1 },
  data: { class: 'tokens', before: '2026-01-01T00:00:00Z', first, last, count, archive: null, sha256: null },
});

/** With entries that have no bytes, as retention leaves them. */
export function emptied(files: Files, ...indices: readonly number[]): Files {
  const changed = new Map(files);
  for (const index of indices) {
    const path = [...files.keys()].find((name) =>
      name.startsWith(`tile/entries/${String(Math.floor(index / TILE_WIDTH)).padStart(3, '0')}`),
    );
    if (path === undefined) throw new Error('no bundle');
    const entries = parseBundle(fileOf(changed, path)) ?? [];
    changed.set(path, encodeBundle(entries.with(index % TILE_WIDTH, new Uint8Array())));
  }
  return changed;
}
