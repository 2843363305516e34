import type { Installation, Micros } from '@signet/contracts';
import pg, { type QueryConfig, type QueryResultRow } from 'pg';
import { z } from 'zod';
import { connectionSettings } from './connection-settings.js';
import { readInstallation } from './installation.js';
import { stateOfMigrations, type Migration, type MigrationState } from './migrate.js';
import { readOrigin, type Origin } from './origin.js';
import { waitingInOutbox, type Waiting } from './outbox-waiting.js';
import { mapDatabaseError } from './postgres-error.js';
import { int8, micros, nowMicros } from './row-types.js';
import { defaultPoolSize } from './database.js';

export interface DatabaseFacts {
  readonly user: string;
  readonly superuser: boolean;
  /** Whether the user owns the service's schema; undefined where there is none. */
  readonly owner: boolean | undefined;
  /** Schemas of `others` that the user may use. */
  readonly sees: readonly string[];
  readonly version: number;
  readonly settings: Readonly<Record<'fsync' | 'synchronousCommit' | 'fullPageWrites', string>>;
  /** That ordinary users may have, and that there are. */
  readonly connections: { readonly most: number; readonly open: number };
  /** Connections that a process keeps for a service: its pool, and the outbox's lease. */
  readonly perService: number;
  readonly encrypted: boolean;
  /** PostgreSQL's time, and the machine's (milliseconds since the epoch) of the same moment. */
  readonly clock: { readonly postgres: Micros; readonly machine: number };
  readonly migrations: MigrationState;
  /** Undefined where the schema has no such tables yet. */
  readonly origin: Origin | undefined;
  readonly installation: Installation | undefined;
  readonly outbox: Waiting | undefined;
}

export interface Examination {
  readonly url: string;
  readonly service: string;
  readonly migrations: readonly Migration[];
  /** Schemas that are not its own. */
  readonly others: readonly string[];
}

const row = z.object({
  user: z.string(),
  superuser: z.boolean(),
  owner: z.boolean().nullable(),
  sees: z.array(z.string()),
  version: z.int(),
  fsync: z.string(),
  synchronousCommit: z.string(),
  fullPageWrites: z.string(),
  most: z.int(),
  open: int8,
  encrypted: z.boolean(),
});

const facts = `select current_user as "user", (select rolsuper from pg_roles where rolname = current_user) as superuser,
  (select pg_get_userbyid(nspowner) = current_user from pg_namespace where nspname = $1) as owner,
  array(select nspname::text from pg_namespace where nspname = any($2) and has_schema_privilege(oid, 'usage') order by 1) as sees,
  current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
  current_setting('synchronous_commit') as "synchronousCommit", current_setting('full_page_writes') as "fullPageWrites",
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
  (select count(*) from pg_stat_activity where backend_type = 'client backend') as open,
  coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted`;

/**
 * What a service finds at its database, over one connection in read-only transactions. Rejects as a service's start would where it is not let
 * in or the server is away; a schema that is not there, or not as it should be, is among what is found.
 */
export async function examineDatabase({ url, service, migrations, others }: Examination): Promise<DatabaseFacts> {
  const client = new pg.Client({ ...connectionSettings(url, service), connectionTimeoutMillis: 4_000 });
  // What breaks is told by the query.
  client.on('error', () => undefined);
  const query = async <R extends QueryResultRow>(config: QueryConfig): Promise<R[]> =>
    (await client.query<R>(config)).rows;
  const unlessMissing = <T>(work: Promise<T>) => work.catch(nothingWhereMissing);
  try {
    await client.connect();
    await query({ text: 'set default_transaction_read_only = on' });
    const before = Date.now();
    const [time] = await query({ text: `select ${nowMicros} as at` });
    const machine = (before + Date.now()) / 2;
    const found = row.parse((await query({ text: facts, values: [service, others] }))[0]);
    const { fsync, synchronousCommit, fullPageWrites, most, open, owner, ...rest } = found;
    return {
      ...rest,
      owner: owner ?? undefined,
      settings: { fsync, synchronousCommit, fullPageWrites },
      connections: { most, open },
      perService: defaultPoolSize + 1,
      clock: { postgres: z.object({ at: micros }).parse(time).at, machine },
      migrations: await stateOfMigrations(migrations, (text) => query({ text })),
      origin: await unlessMissing(readOrigin({ query })),
      installation: await unlessMissing(readInstallation({ query })),
      outbox: await unlessMissing(waitingInOutbox(query)),
    };
  } catch (error) {
    throw mapDatabaseError(error, url);
  } finally {
    await client.end();
  }
}

/** PostgreSQL appendix A: no such table, no such column, no such schema, not allowed to look. */
const missing = new Set(['42P01', '42703', '3F000', '42501']);

function nothingWhereMissing(error: unknown): undefined {
  if (missing.has((error as { code?: string }).code ?? '')) return undefined;
  throw error;
}
