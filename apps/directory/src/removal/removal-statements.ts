import { prunableKind, type PrunableKind, type TenantId } from '@signet/contracts';
import { statement, type Statement } from '@signet/persistence';
import { z } from 'zod';
import { removableKinds } from './removable-kinds.js';

/** Something refers to the object of this id. */
export interface Reference {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
}

export interface Removed {
  readonly id: string;
  readonly version: number;
  readonly view: Readonly<Record<string, unknown>>;
}

interface Objects {
  readonly tenantId: TenantId;
  readonly ids: readonly string[];
}

const perKind = <S>(make: (kind: PrunableKind) => S): Readonly<Record<PrunableKind, S>> =>
  Object.fromEntries(prunableKind.options.map((kind) => [kind, make(kind)])) as Record<PrunableKind, S>;

const ids = ({ tenantId, ids: list }: Objects) => [tenantId, list];

/** Until the end of the transaction nobody gives these, either: a foreign key asks for its row. */
export const lockRemovable = perKind((kind): Statement<Objects, { id: string }> => {
  const { kind: named, table, id, type, hasBuiltIns } = removableKinds[kind];
  return statement({
    name: `directory.removal.${named}.lock`,
    text: `select ${id}::text as id from ${table} where tenant_id = $1 and ${id} = any($2::text[]::${type}[]) ${hasBuiltIns ? 'and not built_in ' : ''}order by ${id} for update`,
    parameters: ids,
    row: z.object({ id: z.string() }),
  });
});

/** Five of an object are enough to say why. */
export const findReferences = perKind((kind): Statement<Objects, Reference> => {
  const { kind: named, table, id, type, references } = removableKinds[kind];
  const all = references.length > 0 ? references : [`select '', '' where false`];
  return statement({
    name: `directory.removal.${named}.references`,
    text: `select held.${id}::text as id, reference.kind, reference.name from ${table} held
      cross join lateral (select * from (${all.map((each) => `(${each})`).join(' union all ')}) as found (kind, name) order by kind, name limit 5) reference
      where held.tenant_id = $1 and held.${id} = any($2::text[]::${type}[]) order by 1, 2, 3`,
    parameters: ids,
    row: z.object({ id: z.string(), kind: z.string(), name: z.string() }),
  });
});

export const removeObjects = perKind((kind): Statement<Objects, Removed> => {
  const { kind: named, table, id, type, view } = removableKinds[kind];
  return statement({
    name: `directory.removal.${named}.remove`,
    text: `with forgotten as (
        delete from declared_object where tenant_id = $1 and kind = '${named}' and id = any($2::text[]))
      delete from ${table} held where tenant_id = $1 and ${id} = any($2::text[]::${type}[])
      returning ${id}::text as id, version, ${view} as view`,
    parameters: ids,
    row: z.object({ id: z.string(), version: z.int().positive(), view: z.record(z.string(), z.unknown()) }),
  });
});
