import { isDeepStrictEqual } from 'node:util';
import {
  declaredKind,
  type DeclaredKind,
  type DeclaredTenant,
  type PlannedChange,
  type planDirectoryConfiguration,
  type PrunableKind,
  type TenantId,
} from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import type { z } from 'zod';
import { keysOf } from './declared-objects.js';
import { findOthers } from './reconcile/prune.js';
import { storedKinds } from './stored-objects/stored-kinds.js';
import { countOthers, findStored, findStoredTenant, type StoredObject } from './stored-objects/stored-statements.js';

type Objects = Readonly<Record<DeclaredKind | 'tenant', ReadonlyMap<string, StoredObject>>>;

export interface ReadTenant {
  readonly tenantId: TenantId;
  readonly objects: Objects;
}

type Reading = Pick<Transaction, 'execute' | 'first'>;

const byKey = (objects: readonly StoredObject[]) => new Map(objects.map((object) => [object.key, object]));

/** What the tenant has of what is declared, and of what it would lose; undefined where there is no such tenant. */
export async function readObjects(
  tx: Reading,
  declared: DeclaredTenant,
  pruned: readonly PrunableKind[] = [],
): Promise<ReadTenant | undefined> {
  const tenant = await tx.first(findStoredTenant, { slug: declared.slug });
  if (!tenant) return undefined;
  const { tenantId } = tenant;
  const named = keysOf(declared);
  const objects: Record<string, Map<string, StoredObject>> = { tenant: byKey([tenant]) };
  for (const kind of declaredKind.options) {
    const others = pruned.some((each) => each === kind)
      ? await tx.execute(findOthers[kind as PrunableKind], { tenantId, keys: named[kind] })
      : [];
    const keys = [...named[kind], ...others.map(({ key }) => key)];
    objects[kind] = byKey(keys.length > 0 ? await tx.execute(findStored[kind], { tenantId, keys }) : []);
  }
  return { tenantId, objects: objects as unknown as Objects };
}

const kinds = ['tenant', ...declaredKind.options] as const;

/** Every object that is not after what it was before, in the order in which kinds refer to each other, then by name. */
export function changesBetween(before: ReadTenant | undefined, after: ReadTenant | undefined): PlannedChange[] {
  return kinds.flatMap((kind) => {
    const was = before?.objects[kind] ?? new Map<string, StoredObject>();
    const is = after?.objects[kind] ?? new Map<string, StoredObject>();
    return [...new Set([...was.keys(), ...is.keys()])]
      .sort()
      .flatMap((key) => changeOf(kind, was.get(key), is.get(key)) ?? []);
  });
}

function changeOf(
  kind: PlannedChange['kind'],
  before: StoredObject | undefined,
  after: StoredObject | undefined,
): PlannedChange | undefined {
  if (!before) return after && { kind, name: after.name, action: 'create' };
  const told = {
    kind,
    name: before.name,
    aggregate: `${kind === 'tenant' ? kind : storedKinds[kind].kind}:${before.id}`,
  };
  if (!after) return { ...told, action: 'delete', ...driftOf(before) };
  const secrets = before.secrets !== after.secrets;
  if (!secrets && isDeepStrictEqual(before.object, after.object)) return undefined;
  return {
    ...told,
    action: 'update',
    before: before.object,
    after: after.object,
    ...(secrets && { secrets }),
    ...driftOf(before),
  };
}

/** Of an object that is to change: whether somebody else changed it since a plan had made it what it was to be. */
function driftOf({ declared, version, changedAt }: StoredObject): Pick<PlannedChange, 'drift'> {
  if (!declared || declared.version === version) return {};
  return { drift: { planId: declared.planId, appliedAt: declared.appliedAt, changedAt } };
}

export async function unmanagedBeside(
  tx: Pick<Transaction, 'execute'>,
  tenantId: TenantId,
  declared: DeclaredTenant,
): Promise<z.output<typeof planDirectoryConfiguration.response>['tenants'][number]['unmanaged']> {
  const keys = keysOf(declared);
  const all = [];
  for (const kind of declaredKind.options) {
    const [others] = await tx.execute(countOthers[kind], { tenantId, keys: keys[kind] });
    if (others && others.count + others.beyond > 0) all.push({ kind, ...others });
  }
  return all;
}
