import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { poolSettings } from './connection-settings.js';
import { breaksConnection, mapDatabaseError } from './postgres-error.js';
import { typeOrmLogger } from './typeorm-logger.js';

/** Structurally pino's: fields first, then the event's name. */
export interface PersistenceLogger {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export interface ConnectionPoolOptions {
  url: string;
  service: string;
  poolSize: number;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Told of each query that went through TypeORM rather than as a statement. */
  onTypeOrmQuery: (text: string) => void;
  logger: PersistenceLogger | undefined;
}

/** TypeORM's data source and the pg pool inside it, which statements use directly. */
export class ConnectionPool {
  private constructor(
    readonly dataSource: DataSource,
    private readonly pool: Pool,
  ) {}

  static async open(options: ConnectionPoolOptions): Promise<ConnectionPool> {
    const dataSource = new DataSource({
      type: 'postgres',
      schema: options.service,
      entities: options.entities,
      synchronize: false,
      migrationsRun: false,
      installExtensions: false,
      logger: typeOrmLogger(options.onTypeOrmQuery),
      // An idle connection that breaks leaves the pool by itself; without a listener the error would end the process.
      poolErrorHandler: (error: Error) => options.logger?.warn({ reason: error.message }, 'database_connection_lost'),
      extra: poolSettings(options.url, options.service, options.poolSize),
    });
    try {
      await dataSource.initialize();
    } catch (error) {
      throw mapDatabaseError(error);
    }
    return new ConnectionPool(dataSource, (dataSource.driver as unknown as { master: Pool }).master);
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
    try {
      client = await this.pool.connect();
    } catch (error) {
      throw mapDatabaseError(error);
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

  close(): Promise<void> {
    return this.dataSource.destroy();
  }
}
