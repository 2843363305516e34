import { Controller } from '@nestjs/common';
import { queryEntries, rereadEntries } from '@signet/contracts';
import { Keyring, open } from '@signet/keys';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { readPersonalPart } from '@signet/service';
import type { z } from 'zod';
import { findSubjectKeys, subjectKeyring } from '../personal/subject-keys.js';
import { fitting, shown, type EntryRow } from './entry-row.js';
import { queryFor, type Filters } from './query-statements.js';
import { reread } from './reread.js';

@Controller()
export class EntriesController {
  constructor(
    private readonly database: Database,
    private readonly keyring: Keyring,
  ) {}

  @Serves(rereadEntries)
  reread(asked: z.output<typeof rereadEntries.request>): Promise<z.input<typeof rereadEntries.response>> {
    return reread(this.database, asked);
  }

  @Serves(queryEntries)
  async query(filters: Filters): Promise<z.input<typeof queryEntries.response>> {
    const rows = await this.database.execute(queryFor(filters), filters);
    const subjects = rows.flatMap(({ tenantId, personalSubject }) =>
      personalSubject === null ? [] : [{ tenantId, subject: personalSubject }],
    );
    const stored = subjects.length > 0 ? await this.database.execute(findSubjectKeys, { keys: subjects }) : [];
    const keys = new Map(stored.map((key) => [`${key.tenantId} ${key.subject}`, subjectKeyring(this.keyring, key)]));
    const entries = fitting(rows.map((row) => ({ ...shown(row), personal: personalOf(row, keys) })));
    return { entries, more: entries.length < rows.length || rows.length === filters.limit };
  }
}

/** Null where there is none, or where its subject's key has been erased. */
function personalOf(row: EntryRow, keys: ReadonlyMap<string, Keyring | undefined>): Record<string, unknown> | null {
  const key = keys.get(`${row.tenantId} ${row.personalSubject ?? ''}`);
  const bytes = key && row.personal ? open(key, 'event', row.personal, row.id) : undefined;
  return bytes ? readPersonalPart(bytes) : null;
}
