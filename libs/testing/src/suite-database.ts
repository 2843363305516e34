import type { Database, Migration } from '@signet/persistence';
import pg from 'pg';
import { installRecordingRule, type UnrecordedChanges } from './recording-rule.js';
import { rolePassword, runDatabase, serviceUrl, type RunDatabase } from './run-database.js';

export interface SuiteDatabaseOptions {
  /** Each service (a schema of this name is made, with a role of its own) and its migrations after the baseline. */
  readonly services: Readonly<Record<string, readonly Migration[]>>;
  /** Changes that need no event, by `service.table`; see installRecordingRule. */
  readonly unrecorded?: UnrecordedChanges;
}

export interface SuiteDatabase extends RunDatabase {
  /** A service's schema as the service has it, with nothing that runs by itself. Close it before `drop`. */
  open(service: string): Promise<Database>;
  /** Runs SQL as superuser, outside any rule of the services. Name tables with their schema. */
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/**
 * Makes a database for one suite, on real migrations, in the PostgreSQL of the run (TEST_DATABASE_URL). In it a commit fails
 * that changed a service's table and recorded no event. Call `drop` in afterAll.
 */
export async function suiteDatabase({ services, unrecorded = {} }: SuiteDatabaseOptions): Promise<SuiteDatabase> {
  const database = await runDatabase({ services, unrecorded }, async (url) => {
    const { migrate, prepareDatabase } = await import('@signet/persistence');
    const names = Object.keys(services);
    await prepareDatabase({ adminUrl: url, services: names.map((name) => ({ name, password: rolePassword })) });
    for (const [service, migrations] of Object.entries(services))
      await migrate({ url: serviceUrl(url, service), service, migrations });
    await installRecordingRule({ url, services: names, unrecorded });
  });
  const client = new pg.Pool({ connectionString: database.url, max: 2, allowExitOnIdle: true });
  client.on('error', () => undefined); // a dropped database ends its idle connections
  return {
    ...database,
    open: async (service) => {
      const persistence = await import('@signet/persistence');
      return persistence.Database.open({
        ...{ url: database.serviceUrl(service), service, allowUnsafeDurability: true, background: false },
        // A cold connection costs Postgres tens of milliseconds, and a run has others beside this one.
        connectTimeout: 15_000,
      });
    },
    query: async <R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<R>(text, [...values])).rows,
    drop: async () => {
      await client.end();
      await database.drop();
    },
  };
}
