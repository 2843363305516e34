import type { Database } from '@signet/persistence';
import { nothingThere, type Answer, type Caller, type Input } from '@signet/service';
import type { Writing } from './directory-writes.js';
import type { ManagedKind } from './managed-kinds.js';
import { findObject, listObjects, type Conditions } from './object-statements.js';
import { showObject, shownIdOf, type ShownOf } from './shown-objects.js';

type Page = Input<never>['page'];

/** Reads of the Management API. */
export class ObjectReads {
  constructor(private readonly database: Pick<Database, 'execute' | 'first'>) {}

  async list<K extends ManagedKind>(
    kind: K,
    { tenant }: Caller,
    page: Page,
    conditions: Conditions = {},
  ): Promise<Answer<{ items: ShownOf[K][]; next_cursor?: string }>> {
    const rows = await this.database.execute(listObjects(kind, conditions), {
      ...{ tenantId: tenant.id, conditions, ...page.range },
    });
    const body = page.of(
      rows,
      (row) => showObject(kind, row),
      ({ id }) => [id],
    );
    return { body };
  }

  async read<K extends ManagedKind>(
    kind: K,
    { tenant }: Caller,
    id: string,
    conditions: Conditions = {},
  ): Promise<Answer<ShownOf[K]>> {
    const found = await this.database.first(findObject(kind, conditions), { tenantId: tenant.id, id, conditions });
    if (!found) throw nothingThere();
    return { body: showObject(kind, found), version: found.version };
  }
}

/** An object as a write leaves it. */
export async function written<K extends ManagedKind>(
  { tx, tenantId }: Writing,
  kind: K,
  id: string,
): Promise<Answer<ShownOf[K]>> {
  const found = await tx.first(findObject(kind, {}), { tenantId, id, conditions: {} });
  if (!found) throw new TypeError(`${kind} has not what was just written`);
  return { body: showObject(kind, found), version: found.version };
}

/** The one that a write has made, by what names it. */
export async function made<K extends ManagedKind>(
  { tx, tenantId }: Writing,
  kind: K,
  conditions: Conditions,
): Promise<Answer<ShownOf[K]>> {
  const asked = { tenantId, conditions, after: undefined, limit: 1 };
  const found = await tx.first(listObjects(kind, conditions), asked);
  if (!found) throw new TypeError(`${kind} has not what was just made`);
  return { body: showObject(kind, found), version: found.version, location: shownIdOf(kind, found) };
}
