import { Controller } from '@nestjs/common';
import { queryEntries, rereadEntries } from '@signet/contracts';
import { Keyring, open } from '@signet/keys';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { readPersonalPart } from '@signet/service';
import type { z } from 'zod';
import { findSubjectKeys, subjectKeyring } from '../personal/subject-keys.js';
import { ordinalOfPosition, queryLog, readAfter, type EntryRow } from './entry-statements.js';
import { subjectPattern } from './subject-pattern.js';

type Reread = z.output<typeof rereadEntries.request>;
type Query = z.output<typeof queryEntries.request>;
type Found = z.input<typeof queryEntries.response>;

@Controller()
export class EntriesController {
  constructor(
    private readonly database: Database,
    private readonly keyring: Keyring,
  ) {}

  @Serves(rereadEntries)
  async reread({ after, subjects, limit }: Reread): Promise<z.input<typeof rereadEntries.response>> {
    const from = await this.ordinalOf(after);
    const patterns = subjects.map(subjectPattern);
    const rows = await this.database.execute(readAfter, { after: from, patterns, limit });
    return { entries: rows.map(shown), next: rows.at(-1)?.ordinal ?? from };
  }

  @Serves(queryEntries)
  async query(filters: Query): Promise<Found> {
    const rows = await this.database.execute(queryLog, filters);
    const subjects = rows.flatMap(({ tenantId, personalSubject }) =>
      personalSubject === null ? [] : [{ tenantId, subject: personalSubject }],
    );
    const stored = subjects.length > 0 ? await this.database.execute(findSubjectKeys, { keys: subjects }) : [];
    const keys = new Map(stored.map((key) => [`${key.tenantId} ${key.subject}`, subjectKeyring(this.keyring, key)]));
    return { entries: rows.map((row) => ({ ...shown(row), personal: personalOf(row, keys) })) };
  }

  private async ordinalOf(after: Reread['after']): Promise<number> {
    if (!after) return 0;
    if ('ordinal' in after) return after.ordinal;
    return (await this.database.first(ordinalOfPosition, after))?.ordinal ?? 0;
  }
}

const shown = ({ ordinal, tenantId, index, id, subject, leaf }: EntryRow) => ({
  ...{ ordinal, tenantId, index, id, subject },
  leaf: Buffer.from(leaf).toString('base64url'),
});

/** Null where there is none, or where its subject's key has been erased. */
function personalOf(row: EntryRow, keys: ReadonlyMap<string, Keyring | undefined>): Record<string, unknown> | null {
  const key = keys.get(`${row.tenantId} ${row.personalSubject ?? ''}`);
  const bytes = key && row.personal ? open(key, 'event', row.personal, row.id) : undefined;
  return bytes ? readPersonalPart(bytes) : null;
}
