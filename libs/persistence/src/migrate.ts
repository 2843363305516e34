import { createHash } from 'node:crypto';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { baseline } from './baseline.js';
import { patientSettings } from './connection-settings.js';
import { MigrationChanged, UnfitServer } from './errors.js';
import { mapDatabaseError } from './postgres-error.js';
import { typeOrmLogger } from './typeorm-logger.js';

/** One step of a schema's history: SQL, several statements if need be, run in a transaction of its own. */
export interface Migration {
  readonly name: string;
  readonly up: string;
}

// TypeORM orders migrations by 13 digits at the end of the name; ours count up from one of these.
const baselineStart = 1_600_000_000_000;
const serviceStart = 1_700_000_000_000;

interface Step extends Migration {
  readonly key: string;
  readonly sha256: string;
}

/**
 * Brings a service's schema, which must exist, to the baseline and then through `migrations`, in their order; callers add at
 * the end only. Replicas that start together wait for each other. Gives the names that it applied.
 *
 * A step once applied is fixed: one whose SQL, name or place has changed since is MigrationChanged, and nothing runs. Steps
 * that the database has beyond ours were made by a newer release, and are let be. Does not check what the SQL does.
 */
export async function migrate(options: {
  url: string;
  service: string;
  migrations: readonly Migration[];
}): Promise<string[]> {
  const steps = [...stepsOf(baseline, baselineStart), ...stepsOf(options.migrations, serviceStart)];
  const dataSource = new DataSource({
    type: 'postgres',
    schema: options.service,
    installExtensions: false,
    logger: typeOrmLogger(),
    migrations: steps.map(compile),
    migrationsTableName: 'migrations',
    // One connection holds the lock while the other migrates.
    extra: { ...patientSettings(options.url, options.service), max: 2 },
  });
  try {
    await dataSource.initialize();
    return await migrateLocked(dataSource, options.service, steps);
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function migrateLocked(dataSource: DataSource, service: string, steps: readonly Step[]): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    const schemas = (await lock.query('select from pg_namespace where nspname = $1', [service])) as unknown[];
    if (schemas.length === 0)
      throw new UnfitServer(`There is no schema ${service}: run \`signet database prepare\` first.`);
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [`signet migrate ${service}`]);
    await lock.query(
      'create table if not exists migration_digest (key text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())',
    );
    refuseChanges(
      steps,
      (await lock.query('select key, sha256 from migration_digest')) as { key: string; sha256: string }[],
    );
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name.slice(0, -14));
  } finally {
    // The connection ends with the data source, and the lock with it.
    await lock.release();
  }
}

function stepsOf(migrations: readonly Migration[], start: number): Step[] {
  return migrations.map((migration, index) => ({
    ...migration,
    key: `${migration.name}_${start + index}`,
    sha256: createHash('sha256').update(migration.up).digest('hex'),
  }));
}

function refuseChanges(steps: readonly Step[], applied: readonly { key: string; sha256: string }[]): void {
  const known = new Map(steps.map((step) => [step.key, step]));
  const places = new Set(steps.map((step) => step.key.slice(-13)));
  for (const { key, sha256 } of applied) {
    const step = known.get(key);
    if (step && step.sha256 !== sha256)
      throw new MigrationChanged(`The migration ${step.name} was changed after it was applied.`);
    if (!step && places.has(key.slice(-13)))
      throw new MigrationChanged(`Another migration was applied in place of ${key}.`);
  }
}

function compile(step: Step): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = step.key;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(step.up);
      await runner.query('insert into migration_digest (key, sha256) values ($1, $2)', [step.key, step.sha256]);
    }

    down(): Promise<void> {
      return Promise.reject(new TypeError('Migrations only go forward.'));
    }
  };
}
