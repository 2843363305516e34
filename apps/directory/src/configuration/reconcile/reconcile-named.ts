import { newId, type DirectoryKind, type TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import type { EntitySchema, FindOptionsWhere, QueryDeepPartialEntity } from 'typeorm';
import { z } from 'zod';
import type { NamedRow } from '../../store/catalogue-entities.js';
import type { ChangeLog } from '../../changes/change-log.js';
import { difference, type View } from '../../changes/difference.js';

const objectId = z.uuid({ version: 'v7' });

/** One kind of object that a tenant has by name. */
export interface NamedKind<Row extends NamedRow> {
  readonly kind: DirectoryKind;
  readonly entity: EntitySchema<Row>;
  readonly stored: ReadonlyMap<string, Row>;
  readonly declared: readonly {
    readonly key: string;
    readonly columns: Omit<Row, keyof NamedRow>;
    /** What belongs to it in other tables, as `related` tells it of a stored one. */
    readonly related?: View;
  }[];
  readonly related?: (row: Row) => View;
}

export interface Reconciled {
  /** Ids of all declared objects, by key. */
  readonly ids: ReadonlyMap<string, string>;
  /** Ids of those that were created or changed. */
  readonly changed: ReadonlySet<string>;
}

/** Creates and changes the objects of one kind, each in its own row. What belongs to them in other tables is the caller's. */
export async function reconcileNamed<Row extends NamedRow>(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  of: NamedKind<Row>,
): Promise<Reconciled> {
  const ids = new Map<string, string>();
  const created: Row[] = [];
  const changed = new Set<string>();
  for (const { key, columns, related } of of.declared) {
    const stored = of.stored.get(key);
    const id = stored?.id ?? newId(objectId);
    const subject = { kind: of.kind, tenantId, id };
    ids.set(key, id);
    if (!stored) {
      created.push({ ...columns, tenantId, id, version: 1 } as Row);
      log.created(subject, { ...columns, ...related });
      changed.add(id);
      continue;
    }
    const known = Object.fromEntries(Object.keys(columns).map((name) => [name, stored[name as keyof Row]]));
    const change = difference({ ...known, ...of.related?.(stored) }, { ...columns, ...related });
    if (!change) continue;
    const version = log.updated(subject, stored.version, change, false);
    const where = { tenantId, id } as FindOptionsWhere<Row>;
    await tx.manager.update(of.entity, where, { ...columns, version } as unknown as QueryDeepPartialEntity<Row>);
    changed.add(id);
  }
  if (created.length > 0) await tx.manager.insert(of.entity, created as QueryDeepPartialEntity<Row>[]);
  return { ids, changed };
}
