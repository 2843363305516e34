import type { ServiceName } from '@signet/contracts';
import { sealedUnder, type Keyring } from '@signet/keys';
import { Database } from '@signet/persistence';
import { sealedPages, unconfirmedPersonalParts } from '@signet/service';
import { services } from '../../services.js';
import type { Examined } from '../examined.js';
import { fault, ok, type Check, type Verdict } from '../verdict.js';
import { patience } from '../within.js';

interface Counted {
  readonly values: number;
  readonly unreadable: number;
  /** Whether every value was looked at. */
  readonly whole: boolean;
}

export function judgeValues({ values, unreadable, whole }: Counted): Verdict {
  const of = whole ? `${values} sealed values` : `the first ${values} sealed values`;
  return unreadable > 0
    ? fault(
        `${unreadable} of ${of} are under a key that the keyring has not`,
        'Put the key back (a backup of the keyring); `signet keyring status` counts them by key',
      )
    : ok(`the keyring has the key of ${of}`);
}

export const keyringValues: Check = {
  name: 'keyring.values',
  about:
    'the keyring has the key of every value that a service keeps sealed (of large tables those that are read in 4 s)',
  run: async (examined) => {
    const look = await examined.keyring;
    if (!('facts' in look)) return [];
    const keyring = look.facts;
    const found = await Promise.all(
      examined.services.map(async (service) => {
        const verdict = await verdictOf(service, examined, keyring);
        return verdict && { subject: service, ...verdict };
      }),
    );
    return found.filter((verdict) => verdict !== undefined);
  },
};

async function verdictOf(service: ServiceName, examined: Examined, keyring: Keyring): Promise<Verdict | undefined> {
  const look = await examined.database(service);
  // Without its tables there is nothing sealed, and the check of migrations tells of them.
  if (!look || !('facts' in look) || look.facts.migrations.pending.length > 0) return undefined;
  const url = examined.urlOf('DATABASE_URL', service) ?? '';
  const settings = { url, service, poolSize: 1, background: false, allowUnsafeDurability: true };
  const database = await Database.open({ ...settings, connectTimeout: patience - 1_000 });
  try {
    return judgeValues(await count(service, database, keyring));
  } finally {
    await database.close();
  }
}

async function count(service: ServiceName, database: Database, keyring: Keyring): Promise<Counted> {
  const until = performance.now() + patience - 1_000;
  let values = 0;
  let unreadable = 0;
  const columns = [...(services.find(({ name }) => name === service)?.sealed ?? []), unconfirmedPersonalParts];
  for (const column of columns) {
    for await (const page of sealedPages(database, column)) {
      values += page.length;
      unreadable += page.filter(
        ({ sealed }) => keyring.byId(column.purpose, sealedUnder(sealed) ?? '') === undefined,
      ).length;
      if (performance.now() > until) return { values, unreadable, whole: false };
    }
  }
  return { values, unreadable, whole: true };
}
