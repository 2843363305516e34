import {
  HASH_LENGTH,
  leafHash,
  levelSize,
  openCheckpoint,
  parseBundle,
  sameHash,
  tileAt,
  tilePath,
  TILE_WIDTH,
  TreeEdge,
  verifyInclusion,
  parseProof,
  type Checkpoint,
  type FullTile,
  type NoteKey,
  type Tile,
} from '@signet/tlog';
import { DroppedEntries } from './dropped-entries.js';
import { LogContent } from './log-content.js';
import { LogFault } from './log-fault.js';
import { readEvent } from './logged-event.js';
import { SourceFailed, type LogSource } from './log-source.js';

/** Bundles that are asked for ahead of the one that is looked at. */
const ahead = 8;

export interface Verified {
  readonly checkpoint: Checkpoint;
  /** The signed note, for the next time. */
  readonly note: string;
  /** How many of the entries the witnesses vouch for; undefined where none were named. */
  readonly witnessed: number | undefined;
  /** How many of the entries have been dropped, of which the tree has the hashes alone. */
  readonly gone: number;
}

const utf8 = new TextDecoder('utf-8');

/**
 * Recomputes a whole log from its entries and holds everything that the log says of itself against that: the checkpoint and its signature, each
 * hash, each tile; that it begins with what was seen before; and what the entries say of each other. Throws LogFault for the first that
 * does not fit. Believes the keys, and `seen` (a signed note, checked as well). `witnesses`: each must have cosigned the latest checkpoint that
 * any has, and the log must begin with that. Retention may drop what was not read yet, and its event comes later than the checkpoint: then
 * the log is read on to the next one.
 */
export async function verifyLog(
  source: LogSource,
  key: NoteKey,
  seen: string | undefined,
  witnesses: readonly NoteKey[] = [],
): Promise<Verified> {
  const before = seen === undefined ? undefined : openSeen(seen, key);
  // Read first: the log may grow meanwhile.
  const cosigned = witnesses.length > 0 ? await source.read('checkpoint.witnessed') : undefined;
  const begun = await readCheckpoint(source, key);
  if (before && before.size > begun.checkpoint.size)
    throw new LogFault(`the log has gone back: it had ${before.size} entries, and has ${begun.checkpoint.size}`);
  const witnessed =
    witnesses.length > 0 ? openWitnessed(cosigned ? utf8.decode(cosigned) : begun.note, key, witnesses) : undefined;
  if (witnessed && witnessed.size > begun.checkpoint.size)
    throw new LogFault(
      `the log has gone back: witnesses have seen ${witnessed.size} entries, it has ${begun.checkpoint.size}`,
    );
  const edge = new TreeEdge();
  const dropped = new DroppedEntries();
  const content = new LogContent(dropped);
  const holdWhatWasSeen = (): void => {
    if (before) holdAgainst(before, edge, 'was seen before');
    if (witnessed) holdAgainst(witnessed, edge, 'witnesses have seen');
  };
  const readUpTo = async ({ size, root }: Checkpoint): Promise<void> => {
    for await (const { first, entries, hashes } of bundles(source, edge.size, size)) {
      for (const [place, entry] of entries.entries()) {
        const index = first + place;
        const hash = hashes.subarray(place * HASH_LENGTH, (place + 1) * HASH_LENGTH);
        if (entry.length === 0) dropped.take(index);
        else if (!sameHash(leafHash(entry), hash))
          throw new LogFault('its bytes do not have the hash that the tree has for it', {
            index,
            id: readEvent(entry)?.id,
          });
        else content.take(index, entry);
        for (const tile of edge.append(hash)) if (tile.level > 0) await holdTile(source, tile);
        holdWhatWasSeen();
      }
    }
    await holdEdge(source, edge);
    if (!sameHash(edge.root(), root))
      throw new LogFault(`the entries have another root than the checkpoint of size ${size} says`);
  };
  holdWhatWasSeen();
  let latest = begun;
  await readUpTo(latest.checkpoint);
  for (let gone: LogFault | undefined; (gone = dropped.unexplained(edge.size));) {
    if (!(await source.wait?.())) throw edge.size > begun.checkpoint.size || !source.wait ? gone : notYet(gone);
    latest = await readCheckpoint(source, key);
    if (latest.checkpoint.size < edge.size)
      throw new LogFault(`the log has gone back: it had ${edge.size} entries, and has ${latest.checkpoint.size}`);
    await readUpTo(latest.checkpoint);
  }
  return { ...latest, witnessed: witnessed?.size, gone: dropped.count };
}

/** A log that did not grow meanwhile has not had its say. */
export const notYet = (gone: LogFault): SourceFailed =>
  new SourceFailed(`${gone.describe()}, which a checkpoint to come may have: ask again`);

interface Signed {
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

async function readCheckpoint(source: LogSource, key: NoteKey): Promise<Signed> {
  const bytes = await source.read('checkpoint');
  if (!bytes) throw new SourceFailed('there is no checkpoint');
  const note = utf8.decode(bytes);
  return { note, checkpoint: openOrFail(note, key, 'the checkpoint') };
}

/** What is kept here says nothing of the log where it is none. */
function openSeen(seen: string, key: NoteKey): Checkpoint {
  const opened = openCheckpoint(seen, key);
  if ('fault' in opened && opened.fault === 'malformed')
    throw new SourceFailed('what was kept of the checkpoint that was seen before is none');
  return openOrFail(seen, key, 'the checkpoint that was seen before');
}

function openOrFail(note: string, key: NoteKey, what: string): Checkpoint {
  const opened = openCheckpoint(note, key);
  if ('checkpoint' in opened) return opened.checkpoint;
  const why = {
    malformed: 'is none',
    other_origin: 'is of another log',
    unknown_key: 'is not signed by this key',
    bad_signature: 'does not have the signature of this key',
  };
  throw new LogFault(`${what} ${why[opened.fault]}`);
}

/** A checkpoint that each of the witnesses has cosigned. */
function openWitnessed(note: string, key: NoteKey, witnesses: readonly NoteKey[]): Checkpoint {
  const opened = openCheckpoint(note, key, witnesses);
  if (!('checkpoint' in opened))
    throw new LogFault(
      opened.fault === 'bad_signature'
        ? 'the cosigned checkpoint does not have the signatures that it says it has'
        : 'the cosigned checkpoint is none of this log',
    );
  const missing = witnesses.filter((witness) => !opened.verified.some((by) => by.key === witness));
  if (missing.length > 0)
    throw new LogFault(
      `the checkpoint of size ${opened.checkpoint.size} is not cosigned by ${missing.map(({ name }) => name).join(', ')}`,
    );
  return opened.checkpoint;
}

/** Once the tree is as large as it was when it was seen. */
function holdAgainst(before: Checkpoint, edge: TreeEdge, seen: string): void {
  if (edge.size === before.size && !sameHash(edge.root(), before.root))
    throw new LogFault(`the log is another one than ${seen}: its first ${before.size} entries are not the same`);
}

interface Bundle {
  readonly first: number;
  readonly entries: readonly Uint8Array[];
  readonly hashes: Uint8Array;
}

/** What the log has from `from` up to `size`. */
async function* bundles(source: LogSource, from: number, size: number): AsyncGenerator<Bundle> {
  const count = Math.ceil(size / TILE_WIDTH);
  const begun: Promise<Bundle>[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index < count; index += 1) {
    while (begun.length < ahead && index + begun.length < count) {
      const bundle = readBundle(source, size, index + begun.length);
      // Thrown where it is its turn.
      bundle.catch(() => undefined);
      begun.push(bundle);
    }
    const next = await begun.shift();
    if (next) yield from > next.first ? beginning(next, from) : next;
  }
}

const beginning = ({ first, entries, hashes }: Bundle, from: number): Bundle => ({
  first: from,
  entries: entries.slice(from - first),
  hashes: hashes.subarray((from - first) * HASH_LENGTH),
});

async function readBundle(source: LogSource, size: number, index: number): Promise<Bundle> {
  const tile = tileAt(size, 0, index);
  const bundle = tileAt(size, 'entries', index);
  if (!tile || !bundle) throw new RangeError(`no tile ${index}`);
  const first = index * TILE_WIDTH;
  const [hashes, read] = await Promise.all([readHashes(source, tile), readWidest(source, bundle)]);
  if (!read) throw new LogFault(`${tilePath(bundle)} is not there`, { index: first });
  const entries = parseBundle(read.bytes);
  if (entries?.length !== read.width) throw new LogFault(`${tilePath(bundle)} is not whole`, { index: first });
  return { first, entries: entries.slice(0, tile.width), hashes };
}

/** The hashes of a tile of a log. Throws LogFault where it is not there, or not whole. */
export async function readHashes(source: LogSource, tile: Tile): Promise<Uint8Array> {
  const read = await readWidest(source, tile);
  if (!read || read.bytes.length !== read.width * HASH_LENGTH)
    throw new LogFault(`${tilePath(tile)} is not there, or not whole`);
  return read.bytes.subarray(0, tile.width * HASH_LENGTH);
}

/** C2SP tlog-tiles, Partial Tiles: a log may have the full one alone, once there is one. */
async function readWidest(source: LogSource, tile: Tile): Promise<{ bytes: Uint8Array; width: number } | undefined> {
  for (const width of new Set([tile.width, TILE_WIDTH])) {
    const bytes = await source.read(tilePath({ ...tile, width }));
    if (bytes) return { bytes, width };
  }
  return undefined;
}

/** A tile above the leaves, held against what the leaves make it. */
async function holdTile(source: LogSource, { level, index, hashes }: FullTile): Promise<void> {
  const tile = { level, index, width: hashes.length / HASH_LENGTH };
  const given = await readHashes(source, tile);
  const place = Array.from({ length: tile.width }, (_, at) => at).find(
    (at) =>
      !sameHash(
        given.subarray(at * HASH_LENGTH, (at + 1) * HASH_LENGTH),
        hashes.subarray(at * HASH_LENGTH, (at + 1) * HASH_LENGTH),
      ),
  );
  if (place === undefined) return;
  const span = TILE_WIDTH ** level;
  const first = (index * TILE_WIDTH + place) * span;
  throw new LogFault(`${tilePath(tile)} does not fit entries ${first} to ${first + span - 1}`, { index: first });
}

async function holdEdge(source: LogSource, edge: TreeEdge): Promise<void> {
  for (const [level, hashes] of edge.partial().entries())
    if (level > 0 && hashes.length > 0)
      await holdTile(source, { level, index: Math.floor(levelSize(edge.size, level) / TILE_WIDTH), hashes });
}

/** C2SP tlog-proof, as `signet audit prove` prints it: the event, its path, the checkpoint. Throws LogFault where it does not hold. */
export function verifyProof(text: string, key: NoteKey): { index: number; size: number; event: Uint8Array } {
  const proof = parseProof(text);
  if (!proof?.extra) throw new LogFault('this is no proof with its event');
  const { size, root } = openOrFail(proof.checkpoint, key, 'the checkpoint of the proof');
  const { index, extra: event, hashes } = proof;
  if (!verifyInclusion({ index, size }, { leaf: leafHash(event), root }, hashes))
    throw new LogFault('the event is not in the log by this proof', { index, id: readEvent(event)?.id });
  return { index, size, event };
}
