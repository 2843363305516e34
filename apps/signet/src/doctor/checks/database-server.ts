import type { DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, type Verdict } from '../verdict.js';

export function judgeServer(
  { version, settings }: Pick<DatabaseFacts, 'version' | 'settings'>,
  { test = false }: { readonly test?: boolean } = {},
): Verdict {
  const major = Math.floor(version / 10_000);
  if (major < 15) return fault(`it is PostgreSQL ${major}`, 'Upgrade it: 15 is the oldest that will do');
  const named = {
    fsync: settings.fsync,
    synchronous_commit: settings.synchronousCommit,
    full_page_writes: settings.fullPageWrites,
  };
  const off = Object.entries(named)
    .filter(([, value]) => value === 'off')
    .map(([name]) => name);
  if (off.length === 0) return ok(`PostgreSQL ${major}, durable`);
  const advice = 'Turn it on in postgresql.conf, or for the role (`alter role … reset`), and reload the server';
  const found = `PostgreSQL ${major} with ${off.join(', ')} off, so a crash would lose what was acknowledged`;
  return { ...fault(found, advice), ...(test && { state: 'warning' as const }) };
}

export const databaseServer = ofDatabase({
  name: 'database.server',
  about:
    'PostgreSQL 15 or later with fsync, synchronous_commit and full_page_writes on (with SIGNET_TEST=1 a warning alone)',
  judge: (facts, { environment }) => judgeServer(facts, { test: environment['SIGNET_TEST'] === '1' }),
});
