import { isDeepStrictEqual } from 'node:util';
import type { ColumnForm, SchemaForm, TableForm } from './schema-form.js';

/** A change by which a version and the next could not run on one database. */
export interface SchemaFault {
  /** `table`, `table.column`, `table: rule`, or a function or migration by its name. */
  readonly of: string;
  readonly change: string;
}

/** A fault that is none any more, since no version that may still run uses what goes. */
export interface Contraction extends SchemaFault {
  readonly service: string;
  /** The first version that does without it; what drops it is of a later one. */
  readonly unusedSince: string;
  readonly why: string;
}

/**
 * What migrations beyond a release may not do: older replicas go on with statements that name columns, insert rows without the new ones, and name what a
 * conflict is of. Does not see what a function does, nor a default of a table that was there already.
 */
export function schemaFaults(released: SchemaForm, today: SchemaForm): SchemaFault[] {
  return [
    ...Object.entries(released.tables).flatMap(([name, table]) => tableFaults(name, table, today.tables[name])),
    ...Object.entries(today.tables).flatMap(([name, table]) => deleteFaults(name, table, released)),
    ...released.functions
      .filter((each) => !today.functions.includes(each))
      .map((each) => ({ of: each, change: 'is gone, or has other arguments' })),
    ...migrationFaults(released.migrations, today.migrations),
  ];
}

/** Less what was agreed. */
export const withoutContractions = (
  service: string,
  faults: readonly SchemaFault[],
  agreed: readonly Contraction[],
): SchemaFault[] =>
  faults.filter(
    ({ of, change }) => !agreed.some((one) => one.service === service && one.of === of && one.change === change),
  );

function tableFaults(name: string, released: TableForm, today: TableForm | undefined): SchemaFault[] {
  if (today === undefined) return [{ of: name, change: 'is gone' }];
  const added = Object.keys(today.columns).filter((column) => !(column in released.columns));
  const newRules = Object.entries(today.rules).filter(([rule]) => !(rule in released.rules));
  return [
    ...Object.entries(released.columns).flatMap(([column, before]) =>
      columnFaults(`${name}.${column}`, before, today.columns[column]),
    ),
    ...added.flatMap((column) => {
      const { nullable, default: given } = today.columns[column] ?? {};
      const filled = nullable === true || typeof given === 'string';
      return filled ? [] : [{ of: `${name}.${column}`, change: 'is new, and an older insert leaves it empty' }];
    }),
    ...Object.entries(released.rules)
      .filter(([rule, before]) => !isDeepStrictEqual(before, today.rules[rule]))
      .map(([rule]) => ({ of: `${name}: ${rule}`, change: rule in today.rules ? 'is another' : 'is gone' })),
    // Of new columns alone it can refuse nothing that an older version writes.
    ...newRules
      .filter(([, { columns }]) => columns.length === 0 || columns.some((column) => !added.includes(column)))
      .map(([rule]) => ({ of: `${name}: ${rule}`, change: 'is new, and may refuse or change older rows' })),
  ];
}

/** A new reference stands in the way of an older delete, which knows nothing of the rows that refer to what it deletes. */
function deleteFaults(name: string, today: TableForm, { tables }: SchemaForm): SchemaFault[] {
  return Object.entries(today.rules).flatMap(([rule, { text }]) => {
    const [, referred = ''] = /^FOREIGN KEY .* REFERENCES "?(\w+)"?\(/.exec(text) ?? [];
    const isNew = !(rule in (tables[name]?.rules ?? {}));
    const goesAlong = /ON DELETE (?:CASCADE|SET)/.test(text);
    return isNew && referred in tables && !goesAlong
      ? [{ of: `${name}: ${rule}`, change: 'is new, and may refuse an older delete' }]
      : [];
  });
}

function columnFaults(of: string, before: ColumnForm, after: ColumnForm | undefined): SchemaFault[] {
  if (after === undefined) return [{ of, change: 'is gone' }];
  if (before.type !== after.type) return [{ of, change: `was ${before.type} and is ${after.type}` }];
  if (before.nullable !== after.nullable)
    return [{ of, change: after.nullable ? 'may be null' : 'may be null no more' }];
  if (before.default !== null && before.default !== after.default) return [{ of, change: 'has another default' }];
  return [];
}

/** Those of a release stay as they are and where they are; others come after them. */
function migrationFaults(released: SchemaForm['migrations'], today: SchemaForm['migrations']): SchemaFault[] {
  return Object.entries(released).flatMap(([key, sha256]) => {
    const now = today[key];
    if (now === undefined) return [{ of: key, change: 'is gone, or in another place' }];
    return now === sha256 ? [] : [{ of: key, change: 'has other SQL' }];
  });
}
