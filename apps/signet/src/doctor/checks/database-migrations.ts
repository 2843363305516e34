import type { DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export function judgeMigrations({
  migrations: { pending, ahead, fault: reason },
}: Pick<DatabaseFacts, 'migrations'>): Verdict {
  if (reason !== undefined)
    return fault(reason.replace(/\.$/, ''), 'Run the version of Signet that the database is of, or a later one');
  if (pending.length > 0)
    return warning(
      `${pending.length} steps are not applied: ${pending.slice(0, 5).join(', ')}`,
      'Run `signet database migrate`; a service does the same at its start',
    );
  return ok(ahead === 0 ? 'as this version has it' : `${ahead} steps of a newer version, on which this one can run`);
}

export const databaseMigrations = ofDatabase({
  name: 'database.migrations',
  about: 'the schema has every migration of this version, and none that this version cannot run on',
  judge: judgeMigrations,
});
