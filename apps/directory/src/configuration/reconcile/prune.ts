import { prunableKind, type DeclaredTenant, type PrunableKind, type TenantId } from '@signet/contracts';
import { statement, type Statement, type Transaction } from '@signet/persistence';
import { z } from 'zod';
import { remove } from '../../removal/remove.js';
import type { ChangeLog } from '../../changes/change-log.js';
import { keysOf } from '../declared-objects.js';
import type { Fault } from '../faults/fault.js';
import { storedKinds } from '../stored-objects/stored-kinds.js';

interface Other {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

/**
 * What a configuration does not name and could have declared. Groups come by SCIM as well, organisations by whoever sells: of them, those
 * alone that a configuration had declared.
 */
const findOthersOf = (kind: PrunableKind): Statement<{ tenantId: TenantId; keys: readonly string[] }, Other> => {
  const held = storedKinds[kind];
  const declaredBefore = kind === 'groups' || kind === 'organisations';
  return statement({
    name: `directory.prune.${held.kind}.find`,
    text: `select ${held.key} as key, ${held.id} as id, ${held.name} as name from ${held.from}
      where held.tenant_id = $1 and ${held.key} <> all($2::text[]) and ${held.declarable} ${
        declaredBefore
          ? `and exists (select from declared_object declared where declared.tenant_id = held.tenant_id
              and declared.kind = '${held.kind}' and declared.id = ${held.id})`
          : ''
      } order by ${held.key}`,
    parameters: (p) => [p.tenantId, p.keys],
    row: z.object({ key: z.string(), id: z.string(), name: z.string() }),
  });
};

export const findOthers = Object.fromEntries(
  prunableKind.options.map((kind) => [kind, findOthersOf(kind)]),
) as Readonly<Record<PrunableKind, ReturnType<typeof findOthersOf>>>;

/** What refers to others goes before them. */
const order: readonly PrunableKind[] = ['clients', 'groups', 'organisations', 'roles', 'scopes', 'resourceServers'];

/** Deletes what the tenant's configuration does not name, of these kinds. A fault for each object that something else refers to. */
export async function prune(
  tx: Pick<Transaction, 'execute'>,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  kinds: readonly PrunableKind[],
): Promise<Fault[]> {
  const keys = keysOf(declared);
  const faults: Fault[] = [];
  for (const kind of order.filter((each) => kinds.includes(each))) {
    const others = await tx.execute(findOthers[kind], { tenantId, keys: keys[kind] });
    if (others.length === 0) continue;
    const { inUse } = await remove(
      tx,
      log,
      kind,
      tenantId,
      others.map(({ id }) => id),
    );
    const names = new Map(others.map(({ id, name }) => [id, name]));
    faults.push(
      ...inUse.map(({ id, kind: by, name }) => ({
        path: ['tenants', declared.slug, kind, names.get(id) ?? id],
        message: `cannot be deleted: the ${by} ${name} refers to it`,
        stored: true as const,
      })),
    );
  }
  return faults;
}
