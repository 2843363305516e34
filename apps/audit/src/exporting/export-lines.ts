import type { Database } from '@signet/persistence';
import type { PersonalParts } from '../personal/personal-parts.js';
import { cloudEventOf, type LoggedCloudEvent } from '../reading/cloud-event.js';
import { greatestId, leastId, leastIdOf } from '../reading/find-entries.js';
import { readRangeBetween } from '../reading/log-range.js';
import type { TypeFilter } from '../reading/type-filter.js';
import type { Turns } from '../streaming/turns.js';
import { ocsfEventOf } from './ocsf.js';

/** Entries that one statement gives, which are all that is held in memory. */
const limit = 500;
/** Indexes that one statement looks at: what is wanted may be rare and the log long. */
const stride = 20_000;

export interface Export {
  readonly tenantId: string;
  readonly from: number;
  /** Exclusive. */
  readonly upTo: number;
  readonly format: 'ndjson' | 'ocsf';
  readonly types: TypeFilter;
  /** Milliseconds since the epoch, of the events' times. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** Opens personal parts; undefined: they are not told. */
  readonly personal: Pick<PersonalParts, 'open'> | undefined;
}

const written = { ndjson: (event: LoggedCloudEvent): unknown => event, ocsf: ocsfEventOf } as const;

/** The lines of an export, as many at a time as one statement gave; the next is asked for when these have been taken. */
export async function* exportLines(
  database: Pick<Database, 'execute'>,
  turns: Turns,
  { tenantId, from, upTo, format, types, since, until, personal }: Export,
): AsyncGenerator<string> {
  const bounds = {
    since: since === undefined ? leastId : leastIdOf(since),
    until: until === undefined ? greatestId : leastIdOf(until),
  };
  for (let next = from; next < upTo;) {
    const range = { tenantId, from: next, upTo: Math.min(next + stride, upTo), types, limit };
    const rows = await turns.take(() => database.execute(readRangeBetween, { ...range, ...bounds }));
    const last = rows.at(-1);
    next = rows.length < limit || !last ? range.upTo : last.index + 1;
    const opened = await personal?.open(rows);
    const lines = rows.map((row) => `${JSON.stringify(written[format](cloudEventOf(row, opened?.get(row.id))))}\n`);
    if (lines.length > 0) yield lines.join('');
  }
}
