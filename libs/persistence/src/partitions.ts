import type { PoolClient, QueryResultRow } from 'pg';
import type { ConnectionPool } from './connection-pool.js';

export interface PartitionPlan {
  unit: 'month' | 'day' | 'hour';
  /** How many units beyond the current one have their partition made. */
  ahead: number;
  /**
   * How many whole units after its own end a partition stays; it is then dropped with what it holds. `until-empty` drops none
   * that holds a row. An artefact whose partition is gone would count as new: whoever spends it must refuse it by its own time.
   */
  keep: number | 'until-empty';
}

const unitMilliseconds = { day: 86_400_000, hour: 3_600_000 } as const;

/** The start of the unit that lies `units` after that of `at`: a month is of the calendar. */
function unitStart(unit: PartitionPlan['unit'], at: number, units = 0): number {
  if (unit !== 'month') return (Math.floor(at / unitMilliseconds[unit]) + units) * unitMilliseconds[unit];
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + units);
}

type KeyType = 'uuid' | 'timestamptz' | 'int8';

/**
 * Makes a table's partitions ahead of time and drops old ones. The table is partitioned by range of one column: a UUIDv7 (by
 * its head), a timestamptz, or a bigint of microseconds; it should have a default partition, whose rows are moved where they
 * belong. Bounds follow Postgres' time, in UTC. Replicas may call it at once: one of them does it. Gives what it did.
 */
export async function maintainPartitions(
  pool: ConnectionPool,
  table: string,
  plan: PartitionPlan,
): Promise<{ made: string[]; dropped: string[] }> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(table)) throw new TypeError(`Not a table's name: ${table}`);
  return pool.borrow((client) => maintain(client, table, plan));
}

async function maintain(
  client: PoolClient,
  table: string,
  plan: PartitionPlan,
): Promise<{ made: string[]; dropped: string[] }> {
  const { now, type } = await describe(client, table);
  const starts = Array.from({ length: plan.ahead + 1 }, (_, index) => unitStart(plan.unit, now, index));
  const children = new Set(await childrenOf(client, table));
  const missing = starts.filter((start) => !children.has(partitionName(table, start, plan.unit)));
  const old = [...children].filter((child) => {
    const start = startOf(table, child, plan.unit);
    return start !== undefined && start < unitStart(plan.unit, now, plan.keep === 'until-empty' ? -1 : -plan.keep);
  });
  const made: string[] = [];
  const dropped: string[] = [];
  for (const start of missing) {
    if (await inTurn(client, table, () => makePartition(client, table, type, plan.unit, start)))
      made.push(partitionName(table, start, plan.unit));
  }
  for (const child of old) {
    if (await inTurn(client, table, () => dropPartition(client, child, plan.keep === 'until-empty')))
      dropped.push(child);
  }
  return { made, dropped };
}

async function rowsOf<R extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  return (await client.query<R>(text, values)).rows;
}

async function describe(client: PoolClient, table: string): Promise<{ now: number; type: KeyType }> {
  const [found] = await rowsOf<{ now: string; type: string }>(
    client,
    `select (extract(epoch from clock_timestamp()) * 1000)::bigint as now, t.typname as type
     from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
     join pg_type t on t.oid = a.atttypid
     where p.partrelid = to_regclass($1) and p.partstrat = 'r' and p.partnatts = 1`,
    [table],
  );
  if (found?.type !== 'uuid' && found?.type !== 'timestamptz' && found?.type !== 'int8') {
    throw new TypeError(`${table} is not partitioned by a range of uuid, timestamptz or bigint.`);
  }
  return { now: Number(found.now), type: found.type };
}

async function childrenOf(client: PoolClient, table: string): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    client,
    'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass($1)',
    [table],
  );
  return rows.map((row) => row.name);
}

/** One transaction under the table's lock; false, and nothing done, if another replica is at it or `work` says so. */
async function inTurn(client: PoolClient, table: string, work: () => Promise<boolean>): Promise<boolean> {
  await client.query('begin');
  try {
    const [lock] = await rowsOf<{ held: boolean }>(
      client,
      `select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.' || $1, 0)) as held`,
      [`partitions of ${table}`],
    );
    const done = lock?.held === true && (await work());
    await client.query('commit');
    return done;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Attaching a table that is complete locks out nobody but the default partition's users; making it in place locks all out. */
async function makePartition(
  client: PoolClient,
  table: string,
  type: KeyType,
  unit: PartitionPlan['unit'],
  start: number,
): Promise<boolean> {
  const name = partitionName(table, start, unit);
  if ((await childrenOf(client, table)).includes(name)) return false;
  const end = unitStart(unit, start, 1);
  const bounds = `from ('${bound(type, start)}') to ('${bound(type, end)}')`;
  await client.query(`create table ${name} (like ${table} including all)`);
  await moveFromDefault(client, table, name, type, start, end);
  await client.query(`alter table ${table} attach partition ${name} for values ${bounds}`);
  return true;
}

async function moveFromDefault(
  client: PoolClient,
  table: string,
  name: string,
  type: KeyType,
  from: number,
  to: number,
): Promise<void> {
  const [found] = await rowsOf<{ partition: string; key: string }>(
    client,
    `select c.relname as partition, a.attname as key
     from pg_partitioned_table p join pg_class c on c.oid = p.partdefid
     join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
     where p.partrelid = to_regclass($1)`,
    [table],
  );
  if (!found) return;
  const range = `"${found.key}" >= '${bound(type, from)}' and "${found.key}" < '${bound(type, to)}'`;
  const [strays] = await rowsOf<{
    any: boolean;
  }>(client, `select exists (select from "${found.partition}" where ${range}) as any`);
  if (!strays?.any) return;
  await client.query(`lock table "${found.partition}" in access exclusive mode`);
  await client.query(
    `with moved as (delete from "${found.partition}" where ${range} returning *) insert into ${name} select * from moved`,
  );
}

async function dropPartition(client: PoolClient, name: string, onlyEmpty: boolean): Promise<boolean> {
  const [exists] = await rowsOf<{ there: boolean }>(client, 'select to_regclass($1) is not null as there', [name]);
  if (!exists?.there) return false;
  if (onlyEmpty) {
    const [rows] = await rowsOf<{ any: boolean }>(client, `select exists (select from ${name}) as any`);
    if (rows?.any) return false;
    await client.query(`lock table ${name} in access exclusive mode`);
    const [late] = await rowsOf<{ any: boolean }>(client, `select exists (select from ${name}) as any`);
    if (late?.any) return false;
  }
  await client.query(`drop table ${name}`);
  return true;
}

function bound(type: KeyType, milliseconds: number): string {
  switch (type) {
    case 'uuid': {
      // RFC 9562 section 5.7: a UUIDv7's first 48 bits are milliseconds since the epoch.
      const head = milliseconds.toString(16).padStart(12, '0');
      return `${head.slice(0, 8)}-${head.slice(8)}-0000-0000-000000000000`;
    }
    case 'timestamptz':
      return new Date(milliseconds).toISOString();
    case 'int8':
      return String(milliseconds * 1000);
  }
}

/** Digits of year, month, day and hour in a partition's name. */
const nameLengths = { month: 6, day: 8, hour: 10 } as const;

function partitionName(table: string, start: number, unit: PartitionPlan['unit']): string {
  const digits = new Date(start).toISOString().replaceAll(/\D/g, '');
  return `${table}_${digits.slice(0, nameLengths[unit])}`;
}

function startOf(table: string, name: string, unit: PartitionPlan['unit']): number | undefined {
  const digits = name.startsWith(`${table}_`) ? name.slice(table.length + 1) : '';
  const match = /^(\d{4})(\d\d)(\d\d)?(\d\d)?$/.exec(digits);
  if (!match || digits.length !== nameLengths[unit]) return undefined;
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3] ?? 1), Number(match[4] ?? 0));
}
