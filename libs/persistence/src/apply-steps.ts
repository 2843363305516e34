import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { patientSettings } from './connection-settings.js';
import { driverOf } from './data-source.js';
import { UnfitServer } from './errors.js';
import { readApplied, refuseChanges, type AppliedStep, type Step } from './migrate.js';
import { typeOrmLogger } from './typeorm-logger.js';

/** Applies, under the service's lock, the steps that its schema does not have. Gives their names. */
export async function applySteps(
  steps: readonly Step[],
  { url, service }: { url: string; service: string },
): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    schema: service,
    installExtensions: false,
    logger: typeOrmLogger(),
    migrations: steps.map(compile),
    migrationsTableName: 'migrations',
    // One connection holds the lock while the other migrates.
    driver: driverOf(new pg.Pool({ ...patientSettings(url, service), max: 2 })),
  });
  try {
    await dataSource.initialize();
    return await applyLocked(dataSource, service, steps);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function applyLocked(dataSource: DataSource, service: string, steps: readonly Step[]): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    const schemas = (await lock.query('select from pg_namespace where nspname = $1', [service])) as unknown[];
    if (schemas.length === 0)
      throw new UnfitServer(`There is no schema ${service}: run \`signet database prepare\` first.`);
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [`signet migrate ${service}`]);
    await lock.query(
      'create table if not exists migration_digest (key text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())',
    );
    refuseChanges(steps, (await lock.query(readApplied)) as AppliedStep[]);
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name.slice(0, -14));
  } finally {
    // The connection ends with the data source, and the lock with it.
    await lock.release();
  }
}

function compile(step: Step): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = step.key;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(step.up);
      await runner.query('insert into migration_digest (key, sha256) values ($1, $2)', [step.key, step.sha256]);
      if (step.needs !== undefined)
        await runner.query('update migration_digest set needs = $2 where key = $1', [step.key, step.needs]);
    }

    down(): Promise<void> {
      return Promise.reject(new TypeError('Migrations only go forward.'));
    }
  };
}
