import { Controller } from '@nestjs/common';
import { eventsRead, queryEntries, rereadEntries } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { toldFilters, typesOf } from '../asking/asked-filters.js';
import { PersonalParts } from '../personal/personal-parts.js';
import { fitting, shown } from './entry-row.js';
import { findEntries } from './find-entries.js';
import { reread } from './reread.js';

@Controller()
export class EntriesController {
  constructor(
    private readonly database: Database,
    private readonly personalParts: PersonalParts,
    private readonly events: EventFactory,
  ) {}

  @Serves(rereadEntries)
  reread(asked: z.output<typeof rereadEntries.request>): Promise<z.input<typeof rereadEntries.response>> {
    return reread(this.database, asked);
  }

  @Serves(queryEntries)
  async query(asked: z.output<typeof queryEntries.request>): Promise<z.input<typeof queryEntries.response>> {
    const { type, since, before, limit, personal, command, ...others } = asked;
    const types = type === undefined ? undefined : typesOf(type);
    if (type !== undefined && !types) throw new MeshError('invalid_argument', `no type of event begins with ${type}`);
    const filters = {
      ...others,
      types,
      since: since === undefined ? undefined : Date.parse(since),
    };
    const page = { order: 'newest', after: before, limit } as const;
    const rows = await this.database.execute(findEntries(filters, page), undefined);
    const parts = personal ? await this.personalParts.open(rows) : undefined;
    const entries = fitting(rows.map((row) => ({ ...shown(row), personal: parts?.get(row.id) ?? null })));
    const data = { filters: toldFilters(asked), count: entries.length, personalParts: personal };
    const context = { actor: `operator:${command}` } as const;
    await this.database.record(this.events.make(eventsRead, { tenantId: asked.tenantId, context, data }));
    return { entries, more: entries.length < rows.length || rows.length === limit };
  }
}
