import {
  consistencyPath,
  hashesOf,
  parseBundle,
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
import { DroppedEntries, droppedType } from './dropped-entries.js';
import { LogFault } from './log-fault.js';
import { readEvent } from './logged-event.js';
import { SourceFailed, type DirectorySource, type LogSource } from './log-source.js';
import { notYet, readHashes } from './verify-log.js';

/** Files that are fetched at once. */
const atOnce = 8;

/**
 * Copies a log into a directory as C2SP tlog-tiles lays it out. A full file that is there is not fetched again; the checkpoint comes last, so that
 * the directory is whole at every moment: of entries that were dropped, it has the events that say so. Throws LogFault, and writes nothing,
 * where the log does not begin with the copy. Verifies nothing else: that is `verifyLog`'s.
 */
export async function mirrorLog(
  source: LogSource,
  target: DirectorySource,
): Promise<{ size: number; fetched: number }> {
  // Read first: the log may grow meanwhile.
  const witnessed = await source.read('checkpoint.witnessed');
  const begun = await readHead(source);
  const had = await target.read('checkpoint');
  const before = had && headOf(had);
  if (before) await ensureGrown(source, before, begun);
  const copy = new Copy(source, target, before ? before.size : 0);
  let latest = begun;
  await copy.upTo(latest.size);
  for (let gone: LogFault | undefined; (gone = copy.dropped.unexplained(latest.size));) {
    if (!(await source.wait?.())) {
      if (source.wait && latest.size === begun.size) throw notYet(gone);
      break;
    }
    const next = await readHead(source);
    await ensureGrown(source, latest, next);
    await copy.upTo(next.size);
    latest = next;
  }
  await target.write('checkpoint', latest.note);
  if (witnessed) await target.write('checkpoint.witnessed', witnessed);
  return { size: latest.size, fetched: copy.fetched };
}

class Copy {
  readonly dropped = new DroppedEntries();
  fetched = 0;

  constructor(
    private readonly source: LogSource,
    private readonly target: DirectorySource,
    /** Entries that a whole copy has already. */
    private readonly had: number,
  ) {}

  async upTo(size: number): Promise<void> {
    const files = filesOf(size);
    const copy = async (): Promise<void> => {
      for (const tile of files) {
        const path = tilePath(tile);
        const there = tile.width === TILE_WIDTH ? await this.target.read(path) : undefined;
        const bytes = there ?? (await this.source.read(path));
        if (!bytes) throw new SourceFailed(`${path} is not there`);
        if (tile.level === 'entries' && (tile.index + 1) * TILE_WIDTH > this.had) this.look(tile, bytes);
        if (there) continue;
        await this.target.write(path, bytes);
        this.fetched += 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, copy));
  }

  private look({ index }: Tile, bytes: Uint8Array): void {
    for (const [place, entry] of (parseBundle(bytes) ?? []).entries()) {
      if (entry.length === 0) this.dropped.take(index * TILE_WIDTH + place);
      else if (Buffer.from(entry.buffer, entry.byteOffset, entry.length).includes(droppedType)) {
        const event = readEvent(entry);
        if (event) this.dropped.takeEvent(event, index * TILE_WIDTH + place);
      }
    }
  }
}

async function readHead(source: LogSource): Promise<Checkpoint & { readonly note: Uint8Array }> {
  const note = await source.read('checkpoint');
  if (!note) throw new SourceFailed('there is no checkpoint');
  const head = headOf(note);
  if (!head) throw new SourceFailed('what is there is no checkpoint');
  return { ...head, note };
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
