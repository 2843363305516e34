import type { Database } from '@signet/persistence';
import type { PersonalParts } from '../personal/personal-parts.js';
import { cloudEventOf, type LoggedCloudEvent } from '../reading/cloud-event.js';
import { readRange } from '../reading/log-range.js';
import type { TypeFilter } from '../reading/type-filter.js';
import type { Turns } from '../streaming/turns.js';
import { ocsfEventOf } from './ocsf.js';

/** Indexes that one statement looks at: it is short, and what it gives is all that is held in memory. */
const stride = 500;

export interface Export {
  readonly tenantId: string;
  readonly from: number;
  /** Exclusive. */
  readonly upTo: number;
  readonly format: 'ndjson' | 'ocsf';
  readonly types: TypeFilter;
  /** Milliseconds since the epoch, of the events' times. */
  readonly since: number;
  readonly until: number;
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
  for (let next = from; next < upTo; next += stride) {
    const range = { tenantId, from: next, upTo: Math.min(next + stride, upTo), types, limit: stride };
    const rows = await turns.take(() => database.execute(readRange, range));
    const opened = await personal?.open(rows);
    const events = rows.map((row) => cloudEventOf(row, opened?.get(row.id)));
    const lines = events
      .filter(({ time }) => Date.parse(time) >= since && Date.parse(time) < until)
      .map((event) => `${JSON.stringify(written[format](event))}\n`);
    if (lines.length > 0) yield lines.join('');
  }
}
