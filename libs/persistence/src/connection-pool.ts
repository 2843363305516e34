import pg, { type PoolClient, type QueryConfig, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { patientSettings, poolSettings } from './connection-settings.js';
import type { Entities } from './data-source.js';
import { breaksConnection, mapDatabaseError } from './postgres-error.js';

/** Structurally pino's: fields first, then the event's name. */
export interface PersistenceLogger {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export interface ConnectionPoolOptions {
  url: string;
  service: string;
  poolSize: number;
  connectTimeout?: number | undefined;
  /** Statements may take their time. */
  patient?: boolean | undefined;
  entities: () => Promise<Entities>;
  /** Told the milliseconds that each wait for a connection took, one that came to nothing included. */
  onWaited?: ((milliseconds: number) => void) | undefined;
  /** Told of each query that went through TypeORM rather than as a statement. */
  onTypeOrmQuery: (text: string) => void;
  logger: PersistenceLogger | undefined;
}

export interface PoolState {
  readonly open: number;
  readonly used: number;
  readonly waiting: number;
}

/** A service's connections, which statements and transactions use directly, and TypeORM where it is asked for. */
export class ConnectionPool {
  private readonly pool: pg.Pool;
  #dataSource: Promise<DataSource> | undefined;

  constructor(private readonly options: ConnectionPoolOptions) {
    const { url, service, poolSize, connectTimeout, patient } = options;
    this.pool = new pg.Pool(
      patient
        ? { ...patientSettings(url, service), max: poolSize }
        : poolSettings(url, service, { size: poolSize, connectTimeout }),
    );
    // An idle connection that breaks leaves the pool by itself; without a listener the error would end the process.
    this.pool.on('error', (error) => options.logger?.warn({ reason: error.message }, 'database_connection_lost'));
  }

  /**
   * One query on a connection of the pool. A connection that may be broken does not go back: pg's own pool.query() would
   * drop it after every error, a refused duplicate included.
   */
  async query<R extends QueryResultRow>(query: QueryConfig): Promise<R[]> {
    return this.borrow(async (client) => (await client.query<R>(query)).rows);
  }

  async borrow<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient;
    const asked = performance.now();
    try {
      client = await this.pool.connect();
    } catch (error) {
      throw mapDatabaseError(error, this.options.url);
    } finally {
      this.options.onWaited?.(performance.now() - asked);
    }
    // While a connection is lent out, the pool does not listen to its errors; they reach us as the query's.
    let lost: Error | undefined;
    const onError = (error: Error) => (lost = error);
    client.on('error', onError);
    let failure: unknown;
    try {
      return await work(client);
    } catch (error) {
      failure = error;
      throw mapDatabaseError(error);
    } finally {
      client.off('error', onError);
      client.release(lost !== undefined || (failure !== undefined && breaksConnection(failure)));
    }
  }

  /** Connections that are open, those of them that are lent out, and who waits for one. */
  get state(): PoolState {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { open: totalCount, used: totalCount - idleCount, waiting: waitingCount };
  }

  /** TypeORM's data source on these same connections. Loaded when it is first asked for: most processes never do. */
  dataSource(): Promise<DataSource> {
    this.#dataSource ??= this.#openDataSource().catch((error: unknown) => {
      this.#dataSource = undefined;
      throw mapDatabaseError(error);
    });
    return this.#dataSource;
  }

  async close(): Promise<void> {
    const dataSource = await this.#dataSource?.catch(() => undefined);
    // It ends the pool with itself.
    await (dataSource ? dataSource.destroy() : this.pool.end());
  }

  async #openDataSource(): Promise<DataSource> {
    const { service, entities, onTypeOrmQuery } = this.options;
    const { openDataSource } = await import('./data-source.js');
    return openDataSource({ pool: this.pool, service, entities: await entities(), onQuery: onTypeOrmQuery });
  }
}
