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
  /**
   * For a step that takes away what an older version uses: the name of an earlier step of the same list, which every version has that can run on
   * what is left. Versions without it refuse to start (docs/adr/0021).
   */
  readonly needs?: string;
}

// TypeORM orders migrations by 13 digits at the end of the name; ours count up from one of these.
const baselineStart = 1_600_000_000_000;
const serviceStart = 1_700_000_000_000;

export interface MigrationOptions {
  readonly url: string;
  readonly service: string;
  readonly migrations: readonly Migration[];
}

export interface Step extends Pick<Migration, 'name' | 'up'> {
  readonly key: string;
  /** The key of the step that it names. */
  readonly needs: string | undefined;
  readonly sha256: string;
}

/**
 * Brings a service's schema, which must exist, to the baseline and then through `migrations`, in their order; callers add at
 * the end only. Replicas that start together wait for each other. Gives the names that it applied.
 *
 * A step once applied is fixed: one whose SQL, name or place has changed since is MigrationChanged, and nothing runs. Steps
 * that the database has beyond ours were made by a newer release, and are let be, unless one of them needs a step that we do not have
 * (MigrationChanged as well). Does not check what the SQL does.
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
  /** Of a step that contracts: the key of one that a version must have. */
  readonly needs: string | null;
}

/** The column came after the table. */
export const readApplied = `select key, sha256, to_jsonb(migration_digest) ->> 'needs' as needs from migration_digest`;

/** How a schema stands to a version. */
export interface MigrationState {
  /** Steps of the version that the schema does not have. */
  readonly pending: readonly string[];
  /** Steps of newer versions. */
  readonly ahead: number;
  /** Why the version cannot run on it, where it cannot. */
  readonly fault: string | undefined;
}

/** Looks, and applies nothing. */
export async function stateOfMigrations(
  migrations: readonly Migration[],
  read: (text: string) => Promise<unknown[]>,
): Promise<MigrationState> {
  const steps = [...stepsOf(baseline, baselineStart), ...stepsOf(migrations, serviceStart)];
  const rows = (await read(readApplied).catch(nothingApplied)) as AppliedStep[];
  const known = new Set(steps.map(({ key }) => key));
  const applied = new Set(rows.map(({ key }) => key));
  return {
    pending: steps.filter(({ key }) => !applied.has(key)).map(({ name }) => name),
    ahead: rows.filter(({ key }) => !known.has(key)).length,
    fault: faultOf(steps, rows),
  };
}

function faultOf(steps: readonly Step[], rows: readonly AppliedStep[]): string | undefined {
  try {
    refuseChanges(steps, rows);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function nothingApplied(error: unknown): [] {
  if ([undefinedTable, '3F000', '42501'].includes((error as { code?: string }).code ?? '')) return [];
  throw error;
}

function stepsOf(migrations: readonly Migration[], start: number): Step[] {
  const keys = migrations.map(({ name }, index) => `${name}_${start + index}`);
  return migrations.map(({ name, up, needs }, index) => {
    const needed = needs === undefined ? undefined : migrations.findIndex((other) => other.name === needs);
    if (needed !== undefined && (needed < 0 || needed >= index))
      throw new TypeError(`The migration ${name} needs ${needs ?? ''}, which is none before it.`);
    return {
      ...{ name, up, key: keys[index] ?? '', needs: needed === undefined ? undefined : keys[needed] },
      sha256: createHash('sha256').update(up).digest('hex'),
    };
  });
}

/** Throws MigrationChanged for a step that is not what was applied under its name or in its place, and for one that needs what we do not have. */
export function refuseChanges(steps: readonly Step[], applied: readonly AppliedStep[]): void {
  const known = new Map(steps.map((step) => [step.key, step]));
  const places = new Set(steps.map((step) => step.key.slice(-13)));
  for (const { key, sha256, needs } of applied) {
    const step = known.get(key);
    if (needs !== null && !known.has(needs))
      throw new MigrationChanged(
        `The database is ahead of this version: its step ${key} has taken away what this version uses. Run the version that made it, or a later one.`,
      );
    if (step && step.sha256 !== sha256)
      throw new MigrationChanged(`The migration ${step.name} was changed after it was applied.`);
    if (!step && places.has(key.slice(-13)))
      throw new MigrationChanged(`Another migration was applied in place of ${key}.`);
  }
}
