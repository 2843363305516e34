import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutboundFetch } from '@signet/service';

/** The static files of a log (C2SP tlog-tiles), wherever they are. */
export interface LogSource {
  /** Undefined where there is no such file. Throws SourceFailed where that cannot be known. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Gives a log that grows the time to grow; false once it had enough of that. Absent of a log that does not grow. */
  readonly wait?: (() => Promise<boolean>) | undefined;
}

/** The files could not be read: nothing is said of the log. */
export class SourceFailed extends Error {
  override readonly name = 'SourceFailed';
}

export class DirectorySource implements LogSource {
  constructor(private readonly directory: string) {}

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(resolve(this.directory, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new SourceFailed(`${path}: ${String(error)}`);
    }
  }

  /** Whole or not at all. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = resolve(this.directory, path);
    await mkdir(dirname(target), { recursive: true });
    const file = await open(`${target}.new`, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${target}.new`, target);
  }
}

/** A bundle of 256 entries of 65,535 bytes, and their lengths. */
export const fileLimit = 256 * 65_537;

/** Seconds to wait where the log asks for patience without saying how much. */
const patience = 2;
const attempts = 8;
/** Seconds that a log has to grow, a second at a time. */
const mostWaits = 30;

export class HttpSource implements LogSource {
  #held: Promise<string> | undefined;
  #waits = 0;

  /** `token`: asked for again where the one that it gave is not valid any more. */
  constructor(
    private readonly fetch: Pick<OutboundFetch, 'ask'>,
    private readonly prefix: string,
    private readonly token: (() => Promise<string>) | undefined,
  ) {}

  async read(path: string): Promise<Uint8Array | undefined> {
    const token = path.startsWith('tile/entries/') ? this.token : undefined;
    let renewed = token === undefined;
    for (let attempt = 1; ; attempt += 1) {
      const headers = { Accept: '*/*', ...(token && { Authorization: `Bearer ${await (this.#held ??= token())}` }) };
      const answer = await this.fetch.ask(`${this.prefix}/${path}`, { method: 'GET', headers }, fileLimit);
      // A connection that was kept may be closed by the time it is used.
      if (!answer.ok && answer.fault === 'unreachable' && attempt === 1) continue;
      if (!answer.ok) throw new SourceFailed(`${path}: ${answer.fault}`);
      const { status, body, retryAfter } = answer;
      if (status === 200) return body;
      if (status === 404) return undefined;
      if (status === 401 && token && !renewed) {
        renewed = true;
        this.#held = token();
        continue;
      }
      if (status === 401 || status === 403)
        throw new SourceFailed(`${path}: ${status}; entries need --token-file, a token that may read events`);
      if ((status !== 429 && status !== 503) || attempt === attempts)
        throw new SourceFailed(`${path}: status ${status}`);
      await pause(Math.min(retryAfter ?? patience, 60) * 1_000);
    }
  }

  async wait(): Promise<boolean> {
    if (this.#waits === mostWaits) return false;
    this.#waits += 1;
    await pause(1_000);
    return true;
  }
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR');
