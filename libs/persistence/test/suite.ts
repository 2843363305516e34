import { randomBytes } from 'node:crypto';
import { eventId, newId, tenantId, type RecordedEvent } from '@signet/contracts';
import pg from 'pg';
import { Database, migrate, prepareDatabase, type DatabaseOptions, type Migration } from '../src/index.js';

/** A database for one suite with one service, `owner`; not of @signet/testing, which builds on this library. */
export interface Suite {
  adminUrl: string;
  url: string;
  admin: pg.Pool;
  open(options?: Partial<DatabaseOptions>): Promise<Database>;
  drop(): Promise<void>;
}

export async function suite(migrations: readonly Migration[] = []): Promise<Suite> {
  const empty = await emptyDatabase();
  await prepareDatabase({ adminUrl: empty.adminUrl, services: [{ name: 'owner', password: 'suite' }] });
  const url = as(empty.adminUrl, 'signet_owner', 'suite');
  await migrate({ url, service: 'owner', migrations });
  return {
    ...empty,
    url,
    open: (options) =>
      Database.open({
        ...{ url, service: 'owner', allowUnsafeDurability: true, background: false },
        // A cold connection costs Postgres tens of milliseconds, and a run has others beside this one.
        connectTimeout: 15_000,
        ...options,
      }),
  };
}

export async function emptyDatabase(): Promise<Pick<Suite, 'adminUrl' | 'admin' | 'drop'>> {
  const server = process.env['TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('TEST_DATABASE_URL is not set: run the tests by `node tools/test.mjs`.');
  const name = `persistence_${randomBytes(6).toString('hex')}`;
  await once(server, `create database ${name}`);
  const adminUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = new pg.Pool({ connectionString: adminUrl, max: 3, options: '-c search_path=owner' });
  admin.on('error', () => undefined);
  return {
    adminUrl,
    admin,
    drop: async () => {
      await admin.end();
      await once(server, `drop database ${name} with (force)`);
    },
  };
}

export function as(url: string, username: string, password: string): string {
  return Object.assign(new URL(url), { username, password }).href;
}

async function once(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

const tenant = newId(tenantId);

export function anEvent(more: Partial<RecordedEvent> = {}): RecordedEvent {
  const id = newId(eventId);
  const subject = `signet.events.v1.${tenant}.owner.thing.done`;
  return { id, tenantId: tenant, subject, aggregate: `thing:${id}`, head: { id, data: {} }, ...more };
}

/** Resolves when `condition` holds, looking again as fast as the database answers. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A promise, and what resolves it. */
export function gate(): { reached: Promise<void>; reach: () => void } {
  let reach: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return { reached, reach };
}
