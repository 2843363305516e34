import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { encodeBundle, parseBundle, parseTilePath, TILE_WIDTH } from '@signet/tlog';
import { z } from 'zod';
import { SourceFailed, type LogSource } from './log-source.js';

const unzipped = promisify(gunzip);
/** Bytes of a piece: 5,000 entries of 65,535 bytes and a personal part, in base64. */
const mostBytes = 1_024 ** 3;
/** Pieces whose entries are held: those of several classes overlap. */
const heldAtOnce = 4;

/** As docs/audit-log.md has it. */
const fileName = /^(\d{1,16})-(\d{1,16})-[0-9a-f]{16}\.ndjson\.gz$/;
const line = z.object({ index: z.int().nonnegative(), leaf: z.base64() });

interface Piece {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/**
 * A log with the entries put back that retention has dropped, from a tenant's directory in the archive. It is believed no more than the
 * log itself: each entry is held against the hash that the tree has for it.
 */
export class ArchivedSource implements LogSource {
  readonly wait: LogSource['wait'];
  readonly #held = new Map<Piece, ReadonlyMap<number, Uint8Array>>();

  private constructor(
    private readonly log: LogSource,
    private readonly pieces: readonly Piece[],
  ) {
    this.wait = log.wait?.bind(log);
  }

  /** Throws SourceFailed where `directory` has no archived entries. */
  static async of(log: LogSource, directory: string): Promise<ArchivedSource> {
    const files = await readdir(directory, { recursive: true }).catch((error: unknown) => {
      throw new SourceFailed(`${directory}: ${String(error)}`);
    });
    const pieces = files.flatMap((name): Piece[] => {
      const [, first, last] = fileName.exec(path.basename(name)) ?? [];
      return first === undefined
        ? []
        : [{ file: path.join(directory, name), first: Number(first), last: Number(last) }];
    });
    if (pieces.length === 0) throw new SourceFailed(`${directory} has no archived entries`);
    return new ArchivedSource(log, pieces);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const bytes = await this.log.read(name);
    const tile = parseTilePath(name);
    if (!bytes || tile?.level !== 'entries') return bytes;
    const entries = parseBundle(bytes);
    if (!entries?.some((entry) => entry.length === 0)) return bytes;
    const first = tile.index * TILE_WIDTH;
    const whole: Uint8Array[] = [];
    for (const [place, entry] of entries.entries())
      whole.push(entry.length > 0 ? entry : ((await this.find(first + place)) ?? entry));
    return encodeBundle(whole);
  }

  private async find(index: number): Promise<Uint8Array | undefined> {
    for (const piece of this.pieces) {
      if (index < piece.first || index > piece.last) continue;
      const leaf = (await this.entriesOf(piece)).get(index);
      if (leaf) return leaf;
    }
    return undefined;
  }

  private async entriesOf(piece: Piece): Promise<ReadonlyMap<number, Uint8Array>> {
    const entries = this.#held.get(piece) ?? (await readPiece(piece));
    // The one that was used last goes last.
    this.#held.delete(piece);
    this.#held.set(piece, entries);
    for (const [oldest] of this.#held) if (this.#held.size > heldAtOnce) this.#held.delete(oldest);
    return entries;
  }
}

async function readPiece({ file }: Piece): Promise<ReadonlyMap<number, Uint8Array>> {
  try {
    const text = (await unzipped(await readFile(file), { maxOutputLength: mostBytes })).toString('utf8');
    const entries = text.split('\n').filter((read) => read !== '');
    return new Map(
      entries.map((read) => {
        const { index, leaf } = line.parse(JSON.parse(read));
        return [index, Buffer.from(leaf, 'base64')];
      }),
    );
  } catch (error) {
    throw new SourceFailed(`${file} is not what retention archives: ${String(error)}`);
  }
}
