import type { ClientConfig, PoolConfig } from 'pg';
import { connectionOf } from './verified-tls.js';

/** A service's schema and role suffix; also safe inside an identifier and a start-up option. */
const schemaForm = /^[a-z][a-z0-9_]{0,40}$/;

export function assertSchemaName(name: string): void {
  if (!schemaForm.test(name)) throw new TypeError(`Not a service's schema name: ${name}`);
}

const milliseconds = { connect: 1_000, statement: 3_000, lock: 500, idleInTransaction: 5_000 } as const;

/**
 * How a service's connection is set up. The search path is the service's schema alone. `query_timeout` is the client's own
 * limit, for a server that does not answer at all; it lies above Postgres' statement timeout and below five seconds.
 */
export function connectionSettings(url: string, service: string): ClientConfig {
  assertSchemaName(service);
  return {
    ...connectionOf(url),
    application_name: `signet-${service}`,
    options: `-c search_path=${service}`,
    connectionTimeoutMillis: milliseconds.connect,
    statement_timeout: milliseconds.statement,
    query_timeout: milliseconds.statement + 500,
    lock_timeout: milliseconds.lock,
    idle_in_transaction_session_timeout: milliseconds.idleInTransaction,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** `connectTimeout`: milliseconds within which a query has a connection, one of the pool's or a new one. */
export function poolSettings(
  url: string,
  service: string,
  {
    size,
    connectTimeout = milliseconds.connect,
  }: { readonly size: number; readonly connectTimeout?: number | undefined },
): PoolConfig {
  return {
    ...connectionSettings(url, service),
    ...{ connectionTimeoutMillis: connectTimeout, max: size, idleTimeoutMillis: 60_000 },
  };
}

/** For work that may take its time: migrations, preparation. */
export function patientSettings(url: string, service: string): ClientConfig {
  assertSchemaName(service);
  return {
    ...connectionOf(url),
    application_name: `signet-${service}`,
    options: `-c search_path=${service}`,
    connectionTimeoutMillis: 5_000,
    lock_timeout: 60_000,
    keepAlive: true,
  };
}
