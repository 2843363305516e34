import type { DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export function judgeOrigin({ origin }: Pick<DatabaseFacts, 'origin'>): Verdict | undefined {
  if (!origin) return undefined;
  if (origin.copied)
    return fault(
      'it was restored from a dump, and that is not declared',
      'Stop every service and run `signet database restored` (docs/operations/backup.md)',
    );
  if (origin.branched)
    return warning(
      'the server was recovered to a point in time, or failed over',
      'If anything that was committed is lost, `signet database restored`, else with --nothing-lost',
    );
  return ok(origin.restoredAt === undefined ? 'never restored' : 'restored, and declared');
}

export const databaseOrigin = ofDatabase({
  name: 'database.origin',
  about: 'the database is the one that it was, or its restore is declared',
  judge: judgeOrigin,
});
