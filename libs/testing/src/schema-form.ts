import pg from 'pg';

export interface ColumnForm {
  readonly type: string;
  readonly nullable: boolean;
  /** An expression; with the word `identity` or `generated` before it where it is one. */
  readonly default: string | null;
}

export interface RuleForm {
  /** Constraints have some; of an index that is unique, and of a trigger, all that there is to know is its text. */
  readonly columns: readonly string[];
  readonly text: string;
}

export interface TableForm {
  readonly columns: Readonly<Record<string, ColumnForm>>;
  /** What refuses or changes a row: constraints, unique indexes, triggers. */
  readonly rules: Readonly<Record<string, RuleForm>>;
}

/** A service's schema as its migrations have made it, less what no statement depends on: indexes, and what functions do. */
export interface SchemaForm {
  readonly tables: Readonly<Record<string, TableForm>>;
  /** With their arguments and what they return. */
  readonly functions: readonly string[];
  /** SHA-256 of the SQL of each migration, by its name and place. */
  readonly migrations: Readonly<Record<string, string>>;
}

/** Reads the schema of a service, whose name it has. `url` is a superuser's. Partitions are the service's own affair and are left out. */
export async function readSchemaForm(url: string, service: string): Promise<SchemaForm> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Names of other schemas are written out then, whatever the search path of whoever asks.
    await client.query(`set search_path to ${client.escapeIdentifier(service)}`);
    const rows = async <R extends pg.QueryResultRow>(text: string) => (await client.query<R>(text, [service])).rows;
    const tables: Record<string, { columns: Record<string, ColumnForm>; rules: Record<string, RuleForm> }> = {};
    const of = (name: string) => (tables[name] ??= { columns: {}, rules: {} });
    for (const { table, name, ...column } of await rows<ColumnForm & { table: string; name: string }>(columns))
      of(table).columns[name] = column;
    for (const { table, name, ...rule } of await rows<RuleForm & { table: string; name: string }>(rules))
      of(table).rules[name] = rule;
    const functions = (await rows<{ text: string }>(functionsOf)).map(({ text }) => text);
    const digests = await client.query<{ key: string; sha256: string }>(
      'select key, sha256 from migration_digest order by right(key, 13)',
    );
    return { tables, functions, migrations: Object.fromEntries(digests.rows.map(({ key, sha256 }) => [key, sha256])) };
  } finally {
    await client.end();
  }
}

const tablesOf = `pg_class c join pg_namespace n on n.oid = c.relnamespace
  and n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition`;

const columns = `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
    case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'generated ' || pg_get_expr(d.adbin, d.adrelid)
      else pg_get_expr(d.adbin, d.adrelid) end as "default"
  from ${tablesOf} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  order by c.relname collate "C", a.attnum`;

// PostgreSQL 18 has a constraint for each NOT NULL, which is told with its column.
const rules = `select * from (
    select c.relname as "table", k.conname as name, pg_get_constraintdef(k.oid) as text,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any(k.conkey) order by a.attnum) as columns
    from ${tablesOf} join pg_constraint k on k.conrelid = c.oid and k.contype <> 'n'
    union all
    select c.relname, i.relname, pg_get_indexdef(i.oid), '{}'
    from ${tablesOf} join pg_index x on x.indrelid = c.oid and x.indisunique join pg_class i on i.oid = x.indexrelid
    where not exists (select from pg_constraint k where k.conindid = i.oid)
    union all
    select c.relname, t.tgname, pg_get_triggerdef(t.oid), '{}'
    from ${tablesOf} join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal
  ) as rule order by "table" collate "C", name collate "C"`;

const functionsOf = `select format('%s(%s) returns %s', name, arguments, result) as text from (
    select p.proname as name, pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname = $1
  ) as function order by name collate "C", arguments collate "C"`;
