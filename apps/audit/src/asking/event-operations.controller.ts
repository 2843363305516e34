import { eventOperations, eventsRead, type ShownEvent } from '@signet/contracts';
import { Keyring } from '@signet/keys';
import { Database } from '@signet/persistence';
import {
  EventFactory,
  ManagementProblem,
  nothingThere,
  Operates,
  Operations,
  reachOf,
  type Answer,
  type Caller,
  type Input,
} from '@signet/service';
import { NetworkIndex } from '../personal/network-index.js';
import { PersonalParts } from '../personal/personal-parts.js';
import { cloudEventOf } from '../reading/cloud-event.js';
import type { EntryRow } from '../reading/entry-row.js';
import { findEntries, findEntry } from '../reading/find-entries.js';
import { filtersOf, toldFilters } from './asked-filters.js';

/** `/admin/v1/events` */
@Operations()
export class EventOperations {
  readonly #networks: NetworkIndex;

  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly personalParts: PersonalParts,
    keyring: Keyring,
  ) {
    this.#networks = new NetworkIndex(keyring);
  }

  @Operates(eventOperations.list)
  async list({ caller, query, page }: Input<typeof eventOperations.list>): Promise<Answer<{ items: ShownEvent[] }>> {
    ensureMayOpen(caller, query.personal);
    const filters = filtersOf(caller.tenant.id, query, this.#networks);
    // Whoever reads towards the end would never come to it, since each page of it is one more event.
    const [after, end = Math.floor(this.database.now() / 1_000)] = page.after ?? [];
    const until = query.order === 'oldest' ? Math.min(filters.until ?? Infinity, Number(end)) : filters.until;
    const range = { order: query.order, after: after === undefined ? undefined : String(after), limit: page.limit + 1 };
    const rows = await this.database.execute(findEntries({ ...filters, until }, range), undefined);
    const shown = await this.#shown(rows.slice(0, page.limit), query.personal);
    const body = page.of(
      rows,
      ({ id }) => shown.get(id) as ShownEvent,
      ({ id }) => [id, Number(end)],
    );
    await this.#record(caller, toldFilters(query), shown.size, query.personal);
    return { body };
  }

  @Operates(eventOperations.read)
  async read({ caller, parameters, query }: Input<typeof eventOperations.read>): Promise<Answer<ShownEvent>> {
    ensureMayOpen(caller, query.personal);
    const asked = { tenantId: caller.tenant.id, id: parameters.event_id };
    const row = await this.database.first(findEntry, asked);
    const event = row && (await this.#shown([row], query.personal)).get(row.id);
    if (!event) throw nothingThere();
    await this.#record(caller, { id: asked.id }, 1, query.personal);
    return { body: event };
  }

  async #shown(rows: readonly EntryRow[], personal: boolean): Promise<ReadonlyMap<string, ShownEvent>> {
    const parts = personal ? await this.personalParts.open(rows) : new Map<string, never>();
    return new Map(rows.map((row) => [row.id, cloudEventOf(row, parts.get(row.id))]));
  }

  /** To read the log is an event of the log. */
  async #record(
    { tenant, clientId, accountId, context }: Caller,
    filters: Readonly<Record<string, string>>,
    count: number,
    personal: boolean,
  ): Promise<void> {
    await this.database.record(
      this.events.make(eventsRead, {
        ...{ tenantId: tenant.id, client: clientId, context, data: { filters, count, personalParts: personal } },
        ...(accountId !== undefined && { account: accountId }),
      }),
    );
  }
}

/** Personal parts are of the accounts that the events tell of. */
function ensureMayOpen({ held }: Pick<Caller, 'held'>, personal: boolean): void {
  if (!personal || reachOf(held, 'accounts:read')?.kind === 'tenant') return;
  throw new ManagementProblem('insufficient-permission', 'accounts:read is needed in the whole tenant');
}
