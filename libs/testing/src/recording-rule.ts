import pg from 'pg';

/**
 * Changes that need no event, by `service.table`: all of a table's, or some operations, or updates that touch these columns
 * alone.
 */
export type UnrecordedChanges = Readonly<
  Record<string, 'any' | { operations?: readonly ('insert' | 'update' | 'delete')[]; columns?: readonly string[] }>
>;

export interface RecordingRuleOptions {
  /** A superuser's. */
  readonly url: string;
  readonly services: readonly string[];
  readonly unrecorded?: UnrecordedChanges;
}

/** Tables that every service's schema begins with: book-keeping of the outbox, of migrations and of consumers. */
const bookkeeping = [
  ...['outbox', 'migrations', 'migration_digest'],
  ...['unraised_floor', 'consumer_position', 'applied_plan', 'origin', 'installation'],
];

// The mark is transaction-local, and carries the transaction's number in case a pooled connection kept a session's value.
const functions = `
  create schema if not exists recording_rule;
  create or replace function recording_rule.mark() returns trigger language plpgsql as $$
  begin
    perform set_config('recording_rule.recorded', pg_current_xact_id()::text, true);
    return null;
  end $$;
  create or replace function recording_rule.check() returns trigger language plpgsql as $$
  declare
    ignored text[] := coalesce(tg_argv, '{}');
  begin
    if tg_op = 'UPDATE' and to_jsonb(old) - ignored = to_jsonb(new) - ignored then return null; end if;
    if current_setting('recording_rule.recorded', true) is distinct from pg_current_xact_id()::text then
      raise exception 'unrecorded change: % of %.% without an event in the same transaction', lower(tg_op), tg_table_schema, tg_table_name;
    end if;
    return null;
  end $$;`;

/**
 * Makes each commit fail that changed a state table of a service without writing to an outbox: design rule "no state change
 * without its audit record", held against every statement that a test reaches. Costs the same however long the outbox is.
 * Covers the tables there are now, and later partitions of them; call it after migrations. Does not check that the event
 * fits the change.
 */
export async function installRecordingRule({ url, services, unrecorded = {} }: RecordingRuleOptions): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(functions);
    const { rows } = await client.query<{ schema: string; table: string }>(
      `select n.nspname as schema, c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition`,
      [services],
    );
    const known = new Set(rows.map(({ schema, table }) => `${schema}.${table}`));
    const unknown = Object.keys(unrecorded).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`there is no table ${unknown.join(', ')}`);
    await client.query(rows.map((table) => triggerOf(table, unrecorded)).join('\n'));
  } finally {
    await client.end();
  }
}

function triggerOf({ schema, table }: { schema: string; table: string }, unrecorded: UnrecordedChanges): string {
  const qualified = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
  if (table === 'outbox')
    return `create or replace trigger recording_rule after insert on ${qualified} for each row execute function recording_rule.mark();`;
  const exempt = unrecorded[`${schema}.${table}`];
  if (exempt === 'any' || bookkeeping.includes(table)) return '';
  const operations = (['insert', 'update', 'delete'] as const).filter((one) => !exempt?.operations?.includes(one));
  if (operations.length === 0) return '';
  const columns = (exempt?.columns ?? []).map((column) => pg.escapeLiteral(column)).join(', ');
  return `drop trigger if exists recording_rule on ${qualified};
    create constraint trigger recording_rule after ${operations.join(' or ')} on ${qualified}
    deferrable initially deferred for each row execute function recording_rule.check(${columns});`;
}
