import {
  consistencyPath,
  hashesOf,
  parseCheckpointText,
  parseNote,
  tileAt,
  tilePath,
  tilesFor,
  TILE_WIDTH,
  tilesOf,
  verifyConsistency,
  type Checkpoint,
  type Tile,
} from '@signet/tlog';
import { LogFault } from './log-fault.js';
import { SourceFailed, type DirectorySource, type LogSource } from './log-source.js';
import { readHashes } from './verify-log.js';

/** Files that are fetched at once. */
const atOnce = 8;

/**
 * Copies a log into a directory as C2SP tlog-tiles lays it out. A full file that is there is not fetched again; the checkpoint comes last, so that
 * the directory is whole at every moment. Throws LogFault, and writes nothing, where the log does not begin with the copy. Verifies nothing else:
 * that is `verifyLog`'s.
 */
export async function mirrorLog(
  source: LogSource,
  target: DirectorySource,
): Promise<{ size: number; fetched: number }> {
  // Read first: the log may grow meanwhile.
  const witnessed = await source.read('checkpoint.witnessed');
  const checkpoint = await source.read('checkpoint');
  if (!checkpoint) throw new SourceFailed('there is no checkpoint');
  const head = headOf(checkpoint);
  if (!head) throw new SourceFailed('what is there is no checkpoint');
  const { size } = head;
  const had = await target.read('checkpoint');
  const before = had && headOf(had);
  if (before) await ensureGrown(source, before, head);
  let fetched = 0;
  const files = filesOf(size);
  const copy = async (): Promise<void> => {
    for (const tile of files) {
      const path = tilePath(tile);
      if (tile.width === TILE_WIDTH && (await target.read(path))) continue;
      const bytes = await source.read(path);
      if (!bytes) throw new SourceFailed(`${path} is not there`);
      await target.write(path, bytes);
      fetched += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, copy));
  await target.write('checkpoint', checkpoint);
  if (witnessed) await target.write('checkpoint.witnessed', witnessed);
  return { size, fetched };
}

/** The copy's files may be of another log than the source's by now: the copy is the better witness. */
async function ensureGrown(source: LogSource, before: Checkpoint, now: Checkpoint): Promise<void> {
  const { size } = now;
  if (size < before.size)
    throw new LogFault(`the log has gone back: the copy has ${before.size} entries, the log ${size}`);
  const path = consistencyPath(before.size, size);
  const tiles = new Map<string, Uint8Array>();
  for (const tile of tilesFor(path, size)) tiles.set(tilePath(tile), await readHashes(source, tile));
  const proof = hashesOf(path, size, (tile) => tiles.get(tilePath(tile)) ?? new Uint8Array());
  if (!verifyConsistency(before, now, proof))
    throw new LogFault(`the log is another one than was copied: its first ${before.size} entries are not the same`);
}

const headOf = (checkpoint: Uint8Array): Checkpoint | undefined =>
  parseCheckpointText(parseNote(new TextDecoder().decode(checkpoint))?.text ?? '');

function* filesOf(size: number): Generator<Tile> {
  for (const tile of tilesOf(size)) {
    yield tile;
    const bundle = tile.level === 0 ? tileAt(size, 'entries', tile.index) : undefined;
    if (bundle) yield bundle;
  }
}
