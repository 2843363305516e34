import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { typeOrmLogger } from './typeorm-logger.js';

export type Entities = NonNullable<DataSourceOptions['entities']>;

/** TypeORM on a pool that is there already. Whoever needs it imports this file when the need arises: TypeORM is slow to load. */
export async function openDataSource(options: {
  pool: Pool;
  service: string;
  entities: Entities;
  onQuery: (text: string) => void;
}): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    schema: options.service,
    entities: options.entities,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logger: typeOrmLogger(options.onQuery),
    driver: driverOf(options.pool),
  });
  return dataSource.initialize();
}

/** What TypeORM takes for the package pg: of it, it uses the constructor of a pool alone. */
export function driverOf(pool: Pool): object {
  return {
    Pool: function () {
      return pool;
    },
  };
}
