import { Controller } from '@nestjs/common';
import { queryEntries, rereadEntries } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';
import { PersonalParts } from '../personal/personal-parts.js';
import { fitting, shown } from './entry-row.js';
import { queryFor, type Filters } from './query-statements.js';
import { reread } from './reread.js';

@Controller()
export class EntriesController {
  constructor(
    private readonly database: Database,
    private readonly personalParts: PersonalParts,
  ) {}

  @Serves(rereadEntries)
  reread(asked: z.output<typeof rereadEntries.request>): Promise<z.input<typeof rereadEntries.response>> {
    return reread(this.database, asked);
  }

  @Serves(queryEntries)
  async query(filters: Filters): Promise<z.input<typeof queryEntries.response>> {
    const rows = await this.database.execute(queryFor(filters), filters);
    const parts = await this.personalParts.open(rows);
    const entries = fitting(rows.map((row) => ({ ...shown(row), personal: parts.get(row.id) ?? null })));
    return { entries, more: entries.length < rows.length || rows.length === filters.limit };
  }
}
