import { open, seal, sealedUnder, type Keyring } from '@signet/keys';
import type { Database } from '@signet/persistence';
import type { Metrics } from '../observability/metrics.js';
import type { ServiceLogger } from '../observability/service-logger.js';
import { periodically, type Periodic } from '../periodically.js';
import { replaceSealed, sealedPages, type SealedColumn, type SealedRow } from './sealed-column.js';

export interface ResealingParts {
  readonly database: Pick<Database, 'execute' | 'first'>;
  readonly keyring: Keyring;
  readonly logger: Pick<ServiceLogger, 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'gauge'>;
}

/** Seconds between two rounds. */
const every = 5;
/** Readings in a round, for the end of which a stop waits. */
const pagesARound = 20;
/** Milliseconds after which everything is looked through again: a process that has not the new key yet may have sealed under the old. */
const again = 3_600_000;

interface Found {
  /** By column and key: what cannot be opened. */
  readonly unreadable: Map<string, { readonly where: string; readonly key: string; rows: number }>;
  resealed: number;
}

/**
 * Seals anew under the current key what is sealed under an older one. Each value is replaced only where it still is what was read, so that
 * every replica may do this at once, and a round that is killed leaves nothing half done.
 */
export class Resealing {
  #pass: AsyncGenerator<void> | undefined;
  #done: { readonly keys: string; readonly at: number } | undefined;
  #unreadable = 0;

  constructor(
    private readonly columns: readonly SealedColumn[],
    private readonly parts: ResealingParts,
  ) {
    parts.metrics.gauge(
      'signet_sealed_unreadable',
      'Values that no key of the keyring opens, as last looked through; they are lost unless their key comes back',
      () => this.#unreadable,
    );
  }

  /** Some steps of the pass under way, or of the next where one is due. */
  async round(): Promise<void> {
    if (this.#pass === undefined && !this.#isDue()) return;
    this.#pass ??= this.#lookThrough();
    try {
      for (let page = 0; page < pagesARound; page += 1) {
        if ((await this.#pass.next()).done !== true) continue;
        this.#pass = undefined;
        return;
      }
    } catch (error) {
      this.#pass = undefined;
      throw error;
    }
  }

  #isDue(): boolean {
    return this.#done?.keys !== this.#currentKeys() || performance.now() - this.#done.at > again;
  }

  #currentKeys(): string {
    return this.columns.map(({ purpose }) => this.parts.keyring.current(purpose).id).join(' ');
  }

  async *#lookThrough(): AsyncGenerator<void> {
    const keys = this.#currentKeys();
    const at = performance.now();
    const found: Found = { unreadable: new Map(), resealed: 0 };
    for (const column of this.columns) {
      for await (const page of sealedPages(this.parts.database, column)) {
        await this.#reseal(column, page, found);
        yield;
      }
    }
    for (const { where, key, rows } of found.unreadable.values())
      this.parts.logger.error('sealed.unreadable', { where, key, rows });
    if (found.resealed > 0) this.parts.logger.info('sealed.anew', { rows: found.resealed });
    this.#unreadable = [...found.unreadable.values()].reduce((sum, { rows }) => sum + rows, 0);
    this.#done = { keys, at };
  }

  async #reseal(column: SealedColumn, page: readonly SealedRow[], found: Found): Promise<void> {
    const { keyring, database } = this.parts;
    const { purpose, table } = column;
    const current = keyring.current(purpose).id;
    const made = page.flatMap(({ key, sealed: before }) => {
      const under = sealedUnder(before);
      if (under === current) return [];
      const plaintext = open(keyring, purpose, before, column.place(key));
      if (plaintext === undefined) {
        const where = `${table}.${column.column}`;
        const name = `${where} ${under ?? ''}`;
        const known = found.unreadable.get(name) ?? { where, key: under ?? 'none', rows: 0 };
        known.rows += 1;
        found.unreadable.set(name, known);
        return [];
      }
      return [{ key, before, sealed: seal(keyring, purpose, plaintext, column.place(key)) }];
    });
    if (made.length > 0) found.resealed += await replaceSealed(database, column, made);
  }
}

export function resealing(
  columns: readonly SealedColumn[],
  parts: ResealingParts & { logger: ServiceLogger },
): Periodic {
  const rounds = new Resealing(columns, parts);
  return periodically('sealed.unlooked', every, parts.logger, () => rounds.round());
}
