import type { rereadEntries } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import type { z } from 'zod';
import { fitting, shown, type EntryRow } from './entry-row.js';
import { firstUnseen, lastOrdinal, readBetween } from './reread-statements.js';
import { subjectPattern } from './subject-pattern.js';

type Reads = Pick<Database, 'execute' | 'first'>;
type Asked = z.output<typeof rereadEntries.request>;
type Answer = z.output<typeof rereadEntries.response>;

/** Ordinals that one statement looks at: subjects may be rare and the log long. */
const stride = 20_000;
/** Milliseconds, well below the request's own limit; what is found by then is answered, and `next` tells how far it looked. */
const patience = 2_000;

export async function reread(database: Reads, { after, subjects, limit }: Asked): Promise<Answer> {
  const patterns = subjects.map((filter) => subjectPattern(filter) ?? notAFilter());
  const last = (await database.first(lastOrdinal, undefined))?.ordinal ?? 0;
  const from = Math.min(await ordinalBefore(database, after, last), last);
  const end = performance.now() + patience;
  const rows: EntryRow[] = [];
  let looked = from;
  while (looked < last && rows.length < limit && performance.now() < end) {
    const upTo = Math.min(looked + stride, last);
    const wanted = limit - rows.length;
    const found = await database.execute(readBetween, { after: looked, upTo, patterns, limit: wanted });
    rows.push(...found);
    looked = found.length < wanted ? upTo : (found.at(-1)?.ordinal ?? upTo);
  }
  const entries = fitting(rows.map(shown));
  const next = entries.length < rows.length ? (entries.at(-1)?.ordinal ?? looked) : looked;
  return { entries, next, more: next < last };
}

/** Everything after it is to be read. */
async function ordinalBefore(database: Reads, after: Asked['after'], last: number): Promise<number> {
  if (!after) return 0;
  if ('ordinal' in after) return after.ordinal;
  const unseen = (await database.first(firstUnseen, after))?.ordinal;
  return unseen == null ? last : unseen - 1;
}

function notAFilter(): never {
  throw new MeshError('invalid_argument', 'a subject is not a filter');
}
