import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';

/** Roles belong to the whole server, and suites run side by side: all use the same passwords. */
export const rolePassword = 'test-role-password';

export interface RunDatabase {
  /** The superuser's URL. */
  readonly url: string;
  /** The URL of a service's own role. */
  serviceUrl(service: string): string;
  /** Drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Makes a database in the PostgreSQL of the run (TEST_DATABASE_URL), a copy of what `fill` made of an empty one: who asks first for this content fills it,
 * and the others of the run copy it. `fill` may leave no connection behind.
 */
export async function runDatabase(content: unknown, fill: (url: string) => Promise<void>): Promise<RunDatabase> {
  const administration = process.env['TEST_DATABASE_URL'];
  const run = process.env['TEST_RUN'];
  if (!administration || !run) throw new Error('TEST_DATABASE_URL is not set: run specs by `node tools/test.mjs`');
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  const template = `template_${run}_${digest}`;
  const name = `suite_${randomBytes(6).toString('hex')}`;
  await connected(administration, async (query) => {
    await query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const { rowCount } = await query('select from pg_database where datname = $1', [template]);
    if (rowCount === 0) {
      const unfinished = `${template}_new`;
      await query(`drop database if exists ${unfinished}`);
      await query(`create database ${unfinished}`);
      await fill(withDatabase(administration, unfinished));
      await query(`alter database ${unfinished} rename to ${template}`);
    }
    await query(`create database ${name} template ${template}`);
  });
  const url = withDatabase(administration, name);
  return {
    url,
    serviceUrl: (service) => serviceUrl(url, service),
    drop: () =>
      connected(administration, async (query) => {
        await query(`drop database ${name} with (force)`);
      }),
  };
}

/** The URL of a service's own role, of the superuser's. */
export function serviceUrl(url: string, service: string): string {
  const changed = new URL(url);
  changed.username = `signet_${service}`;
  changed.password = rolePassword;
  return changed.href;
}

type Query = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

/** The lock that a connection holds goes with it. */
async function connected(url: string, work: (query: Query) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work((text, values = []) => client.query(text, [...values]));
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
