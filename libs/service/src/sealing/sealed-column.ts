import type { Purpose } from '@signet/keys';
import { bytea, composed, int8, type Database } from '@signet/persistence';
import { z } from 'zod';

/** A column of a service's own whose values are sealed under a key of the keyring. Names are ours, and stand in statements as they are. */
export interface SealedColumn {
  readonly purpose: Purpose;
  readonly table: string;
  readonly column: string;
  /** The columns of the primary key in its order, with their types. */
  readonly key: Readonly<Record<string, 'uuid' | 'text' | 'bytea'>>;
  /** What a value of the row with this key is sealed for. */
  readonly place: (key: readonly string[]) => readonly string[];
}

export interface SealedRow {
  /** Of the primary key, as text. */
  readonly key: readonly string[];
  readonly sealed: Uint8Array;
}

/** Events whose personal part waits for audit's confirmation: it goes by itself, and is never sealed anew. */
export const unconfirmedPersonalParts: SealedColumn = {
  ...{ purpose: 'event', table: 'outbox', column: 'personal' },
  key: { id: 'uuid' },
  place: ([id = '']) => [id],
};

/** Rows of one reading: little enough for a transaction, and for the event loop. */
const pageSize = 500;

/** Every sealed value of a column in the order of its key, some hundred at a time; what is made meanwhile may or may not be among them. */
export async function* sealedPages(
  database: Pick<Database, 'execute'>,
  { table, column, key }: SealedColumn,
): AsyncGenerator<readonly SealedRow[]> {
  const names = Object.keys(key);
  let after: readonly string[] = [];
  for (;;) {
    const beyond = `and (${names.join(', ')}) > (${names.map((name, index) => `$${index + 1}::${key[name] ?? ''}`).join(', ')})`;
    const page: SealedRow[] = await database.execute(
      composed({
        name: 'service.sealed.read',
        text: `select array[${names.map((name) => `${name}::text`).join(', ')}] as key, ${column} as sealed from ${table}
          where ${column} is not null ${after.length > 0 ? beyond : ''}
          order by ${names.join(', ')} limit ${pageSize}`,
        values: after,
        row: z.object({ key: z.array(z.string()), sealed: bytea }),
      }),
      undefined,
    );
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.key ?? [];
  }
}

export interface Resealed extends SealedRow {
  readonly before: Uint8Array;
}

/** Puts values in the place of those that they were made of, and leaves what somebody else has changed since. Gives how many. */
export async function replaceSealed(
  database: Pick<Database, 'first'>,
  { table, column, key }: SealedColumn,
  rows: readonly Resealed[],
): Promise<number> {
  const names = Object.keys(key);
  const types = names.map((name, index) => `$${index + 1}::${key[name] ?? ''}[]`);
  const before = names.length + 1;
  const replaced = await database.first(
    composed({
      name: 'service.sealed.replace',
      text: `with replaced as (
          update ${table} held set ${column} = made.sealed
          from unnest(${types.join(', ')}, $${before}::bytea[], $${before + 1}::bytea[]) as made (${names.join(', ')}, before, sealed)
          where ${names.map((name) => `held.${name} = made.${name}`).join(' and ')} and held.${column} = made.before
          returning 1
        ) select count(*) as count from replaced`,
      values: [
        ...names.map((_, index) => rows.map((row) => row.key[index])),
        rows.map((row) => row.before),
        rows.map(({ sealed }) => sealed),
      ],
      row: z.object({ count: int8 }),
    }),
    undefined,
  );
  return replaced?.count ?? 0;
}
