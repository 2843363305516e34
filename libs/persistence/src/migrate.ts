import { createHash } from 'node:crypto';
import pg from 'pg';
import { baseline } from './baseline.js';
import { patientSettings } from './connection-settings.js';
import { MigrationChanged, StatementFailed } from './errors.js';
import { mapDatabaseError } from './postgres-error.js';

/** One step of a schema's history: SQL, several statements if need be, run in a transaction of its own. */
export interface Migration {
  readonly name: string;
  readonly up: string;
}

// TypeORM orders migrations by 13 digits at the end of the name; ours count up from one of these.
const baselineStart = 1_600_000_000_000;
const serviceStart = 1_700_000_000_000;

export interface MigrationOptions {
  readonly url: string;
  readonly service: string;
  readonly migrations: readonly Migration[];
}

export interface Step extends Migration {
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
export async function migrate({ migrations, ...on }: MigrationOptions): Promise<string[]> {
  const client = new pg.Client(patientSettings(on.url, on.service));
  // What breaks is told by the query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await migrateUnlessApplied(
      { ...on, migrations },
      async (text) => (await client.query<AppliedStep>(text)).rows,
    );
  } catch (error) {
    throw mapDatabaseError(error, on.url);
  } finally {
    await client.end();
  }
}

/** `migrate`, whose look at what is applied goes by `read`: mostly there is nothing to apply, and no connection to make for it. */
export async function migrateUnlessApplied(
  { migrations, ...on }: MigrationOptions,
  read: (text: string) => Promise<AppliedStep[]>,
): Promise<string[]> {
  const steps = [...stepsOf(baseline, baselineStart), ...stepsOf(migrations, serviceStart)];
  try {
    if (await areApplied(steps, read)) return [];
    // TypeORM is slow to load, and most starts have nothing for it to do.
    const { applySteps } = await import('./apply-steps.js');
    return await applySteps(steps, on);
  } catch (error) {
    throw mapDatabaseError(error, on.url);
  }
}

/** A look without the lock: what was once applied stays so. False also where nothing was ever applied, or there is no schema. */
async function areApplied(steps: readonly Step[], read: (text: string) => Promise<AppliedStep[]>): Promise<boolean> {
  try {
    const rows = await read(readApplied);
    refuseChanges(steps, rows);
    const keys = new Set(rows.map(({ key }) => key));
    return steps.every(({ key }) => keys.has(key));
  } catch (error) {
    const mapped = mapDatabaseError(error);
    if (mapped instanceof StatementFailed && mapped.code === undefinedTable) return false;
    throw error;
  }
}

/** PostgreSQL appendix A. */
const undefinedTable = '42P01';

export interface AppliedStep {
  readonly key: string;
  readonly sha256: string;
}

export const readApplied = 'select key, sha256 from migration_digest';

function stepsOf(migrations: readonly Migration[], start: number): Step[] {
  return migrations.map((migration, index) => ({
    ...migration,
    key: `${migration.name}_${start + index}`,
    sha256: createHash('sha256').update(migration.up).digest('hex'),
  }));
}

/** Throws MigrationChanged for a step that is not what was applied under its name or in its place. */
export function refuseChanges(steps: readonly Step[], applied: readonly AppliedStep[]): void {
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
