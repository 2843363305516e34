import { serviceNames } from '@signet/contracts';
import { rolePassword, runDatabase, serviceUrl, throwawayPostgres } from '@signet/testing';
import type { InnerTls } from './inner-tls.js';
import { signet } from './programs.js';

/** Of each service's role in Postgres and user in NATS. */
export const passwordOfAll = rolePassword;

export interface PlaneDatabase {
  /** The superuser's. */
  readonly url: string;
  /** `DATABASE_URL_<SERVICE>` of each service. */
  readonly serviceUrls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface OwnDatabase extends PlaneDatabase {
  /** Stops the server; what it has stored is there when it starts again. */
  halt(): Promise<void>;
  startAgain(): Promise<void>;
}

/** In the PostgreSQL of the run, prepared and migrated by the built `signet` command. */
export async function sharedDatabase(): Promise<PlaneDatabase> {
  const database = await runDatabase('planes', async (template) => {
    await prepare(template);
    await signet(['database', 'migrate'], serviceUrls(template));
  });
  return { url: database.url, serviceUrls: serviceUrls(database.url), stop: () => database.drop() };
}

/** A PostgreSQL of its own, whose roles and schemas are there, and which its services migrate. With `tls` it lets nobody in without. */
export async function ownDatabase(tls?: InnerTls): Promise<OwnDatabase> {
  let server = await throwawayPostgres(tls ? { tls: () => tls.server } : {});
  const url = tls ? tls.databaseUrl(server.url) : server.url;
  await prepare(url);
  return {
    url,
    serviceUrls: serviceUrls(url),
    halt: () => server.halt(),
    startAgain: async () => {
      server = await server.again();
    },
    stop: () => server.stop(),
  };
}

/** In a server that is there already; who made that ends it. */
export async function databaseAt(url: string): Promise<PlaneDatabase> {
  await prepare(url);
  return { url, serviceUrls: serviceUrls(url), stop: () => Promise.resolve() };
}

async function prepare(url: string): Promise<void> {
  await signet(['database', 'prepare'], { ...serviceUrls(url), DATABASE_URL: url });
}

const serviceUrls = (url: string): Record<string, string> =>
  Object.fromEntries(serviceNames.map((name) => [`DATABASE_URL_${name.toUpperCase()}`, serviceUrl(url, name)]));
