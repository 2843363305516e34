import type { Micros, TenantId } from '@signet/contracts';
import { micros, microsOf, statement, type Statement } from '@signet/persistence';
import { z } from 'zod';
import { managedKinds, type ManagedKind } from './managed-kinds.js';

export interface StoredObject {
  readonly id: string;
  readonly version: number;
  readonly builtIn: boolean;
  readonly createdAt: Micros;
  readonly updatedAt: Micros;
  /** As a configuration's declaration has it. */
  readonly object: Readonly<Record<string, unknown>>;
}

const row = z.object({
  id: z.string(),
  version: z.int().positive(),
  builtIn: z.boolean(),
  createdAt: micros,
  updatedAt: micros,
  object: z.record(z.string(), z.unknown()),
});

const columnsOf = (kind: ManagedKind): string => {
  const { id, builtIn, object } = managedKinds[kind];
  return `${id}::text as id, held.version, ${builtIn} as "builtIn", ${microsOf('held.created_at')} as "createdAt",
    ${microsOf('held.updated_at')} as "updatedAt", ${object} as object`;
};

/** A condition's value by its name. */
export type Conditions = Readonly<Record<string, unknown>>;

interface Asked {
  readonly tenantId: TenantId;
  readonly conditions: Conditions;
}

const made = new Map<string, Statement<never, StoredObject>>();

/** One statement for each set of conditions, so that each is planned with its own index. Their names are ours, and few. */
function once<P>(name: string, make: () => Statement<P, StoredObject>): Statement<P, StoredObject> {
  const known = made.get(name) as Statement<P, StoredObject> | undefined;
  if (known) return known;
  const fresh = make();
  made.set(name, fresh);
  return fresh;
}

function conditionsOf(kind: ManagedKind, names: readonly string[], first: number): string {
  const { conditions } = managedKinds[kind];
  return names
    .map((name, index) => {
      const condition = conditions[name];
      if (!condition) throw new TypeError(`${kind} are not found by ${name}`);
      return ` and ${condition(`$${first + index}`)}`;
    })
    .join('');
}

const namesOf = (conditions: Conditions): string[] =>
  Object.keys(conditions)
    .filter((name) => conditions[name] !== undefined)
    .sort();

/** Postgres takes 63 characters of a name. */
const nameOf = (verb: string, kind: ManagedKind, names: readonly string[]): string =>
  [`directory.managed.${verb}-${kind.toLowerCase()}`, ...names.map((name) => name.slice(0, 3))].join('.');

/** `locks`: until the end of the transaction nobody else changes it. */
export function findObject(
  kind: ManagedKind,
  conditions: Conditions,
  locks = false,
): Statement<Asked & { readonly id: string }, StoredObject> {
  const names = namesOf(conditions);
  const { from, id, idType, ofTenant } = managedKinds[kind];
  const name = nameOf(locks ? 'lock' : 'find', kind, names);
  return once(name, () =>
    statement({
      name,
      text: `select ${columnsOf(kind)} from ${from} where ${ofTenant} and ${id} = $2::${idType}${conditionsOf(kind, names, 3)}
        ${locks ? 'for no key update of held' : ''}`,
      parameters: (p) => [p.tenantId, p.id, ...names.map((name) => p.conditions[name])],
      row,
    }),
  );
}

export function listObjects(
  kind: ManagedKind,
  conditions: Conditions,
): Statement<Asked & { readonly after: string | undefined; readonly limit: number }, StoredObject> {
  const names = namesOf(conditions);
  const { from, id, idType, ofTenant } = managedKinds[kind];
  const lowest = idType === 'uuid' ? `'00000000-0000-0000-0000-000000000000'` : `''`;
  const name = nameOf('list', kind, names);
  return once(name, () =>
    statement({
      name,
      text: `select ${columnsOf(kind)} from ${from} where ${ofTenant} and ${id} > coalesce($2::${idType}, ${lowest})${conditionsOf(kind, names, 4)}
        order by ${id} limit $3`,
      parameters: (p) => [p.tenantId, p.after ?? null, p.limit, ...names.map((name) => p.conditions[name])],
      row,
    }),
  );
}
