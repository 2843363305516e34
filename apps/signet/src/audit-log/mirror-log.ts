import { parseCheckpointText, parseNote, tileAt, tilePath, TILE_WIDTH, tilesOf, type Tile } from '@signet/tlog';
import { SourceFailed, type DirectorySource, type LogSource } from './log-source.js';

/** Files that are fetched at once. */
const atOnce = 8;

/**
 * Copies a log into a directory as C2SP tlog-tiles lays it out. A full file that is there is not fetched again; the checkpoint comes last, so that
 * the directory is whole at every moment. Verifies nothing: that is `verifyLog`'s.
 */
export async function mirrorLog(
  source: LogSource,
  target: DirectorySource,
): Promise<{ size: number; fetched: number }> {
  const checkpoint = await source.read('checkpoint');
  if (!checkpoint) throw new SourceFailed('there is no checkpoint');
  const size = sizeOf(checkpoint);
  if (size === undefined) throw new SourceFailed('what is there is no checkpoint');
  const had = await target.read('checkpoint');
  const before = (had && sizeOf(had)) ?? 0;
  // Its files may be of another log by now: the copy is the better witness.
  if (size < before) throw new SourceFailed(`the log has gone back: the copy has ${before} entries, the log ${size}`);
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
  return { size, fetched };
}

const sizeOf = (checkpoint: Uint8Array): number | undefined =>
  parseCheckpointText(parseNote(new TextDecoder().decode(checkpoint))?.text ?? '')?.size;

function* filesOf(size: number): Generator<Tile> {
  for (const tile of tilesOf(size)) {
    yield tile;
    const bundle = tile.level === 0 ? tileAt(size, 'entries', tile.index) : undefined;
    if (bundle) yield bundle;
  }
}
