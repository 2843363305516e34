import { randomBytes } from 'node:crypto';
import { migrate, prepareDatabase, type Migration } from '@signet/persistence';
import pg from 'pg';
import { installRecordingRule, type UnrecordedChanges } from './recording-rule.js';

export interface SuiteDatabaseOptions {
  /** Each service (a schema of this name is made, with a role of its own) and its migrations after the baseline. */
  readonly services: Readonly<Record<string, readonly Migration[]>>;
  /** Changes that need no event, by `service.table`; see installRecordingRule. */
  readonly unrecorded?: UnrecordedChanges;
}

export interface SuiteDatabase {
  /** The superuser's URL, for looking in from outside. */
  readonly url: string;
  /** The URL of a service's own role. */
  serviceUrl(service: string): string;
  /** Runs SQL as superuser, outside any rule of the services. Name tables with their schema. */
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** Roles belong to the whole server, and suites run side by side: all use the same passwords. */
const rolePassword = 'test-role-password';

/**
 * Makes a database for one suite, on real migrations, in the PostgreSQL of the run (TEST_DATABASE_URL). In it a commit fails
 * that changed a service's table and recorded no event. Call `drop` in afterAll.
 */
export async function suiteDatabase({ services, unrecorded = {} }: SuiteDatabaseOptions): Promise<SuiteDatabase> {
  const administration = process.env['TEST_DATABASE_URL'];
  if (!administration) throw new Error('TEST_DATABASE_URL is not set: run specs by `node tools/test.mjs`');
  const name = `suite_${randomBytes(6).toString('hex')}`;
  const names = Object.keys(services);
  await once(administration, `create database ${name}`);

  const url = withDatabase(administration, name);
  const serviceUrl = (service: string) => withUser(url, `signet_${service}`, rolePassword);
  const client = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  client.on('error', () => undefined); // a dropped database ends its idle connections
  await prepareDatabase({
    adminUrl: url,
    services: names.map((service) => ({ name: service, password: rolePassword })),
  });
  for (const [service, migrations] of Object.entries(services))
    await migrate({ url: serviceUrl(service), service, migrations });
  await installRecordingRule({ url, services: names, unrecorded });

  return {
    url,
    serviceUrl,
    query: async <R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<R>(text, [...values])).rows,
    drop: async () => {
      await client.end();
      await once(administration, `drop database ${name} with (force)`);
    },
  };
}

async function once(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
