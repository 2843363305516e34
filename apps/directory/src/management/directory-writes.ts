import type { AccountId, DeclaredKind, DeclaredTenant, PrunableKind, TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { ManagementProblem, nothingThere, type Answer, type Caller, type Input } from '@signet/service';
import type { Change, DirectoryChanges } from '../changes/directory-changes.js';
import type { ClientSecrets, KeptSecret } from '../clients/client-secrets.js';
import type { ClientRules } from '../clients/faults/client-check.js';
import type { DeclaredObjects, declareObjects } from '../configuration/declare-objects.js';
import type { StoredTenant } from '../configuration/stored-state.js';
import { remove } from '../removal/remove.js';
import type { ManagedKind } from './managed-kinds.js';
import { findObject, type Conditions, type StoredObject } from './object-statements.js';
import { problemOfFaults, refuseConflicts } from './write-faults.js';

type Once = Input<never>['once'];

/** A change of a tenant's objects that is under way; nobody else changes any of them meanwhile. */
export interface Writing extends Change<EntityTransaction> {
  readonly caller: Caller;
  readonly tenantId: TenantId;
}

/** Sees what is stored, under its lock; throws where the change is not for the caller to make. */
export type Judge = Parameters<typeof declareObjects>[3];

interface DirectoryWritesParts {
  readonly changes: DirectoryChanges;
  readonly secrets: ClientSecrets;
  readonly rules: ClientRules;
}

/** Writes of the Management API: one object at a time, judged and told as if a configuration declared it. Throws ManagementProblem. */
export class DirectoryWrites {
  constructor(private readonly on: DirectoryWritesParts) {}

  run<R>(
    caller: Caller,
    once: Once,
    work: (writing: Writing) => Promise<Answer<R>>,
    tenantId: TenantId = caller.tenant.id,
  ): Promise<Answer<R>> {
    return this.on.changes
      .runWithEntities({ tenantId, context: caller.context }, (change) =>
        once.in(change.tx, async () => {
          const { lockTenant } = await import('../configuration/declare-objects.js');
          await lockTenant(change.tx, tenantId);
          return work({ ...change, caller, tenantId });
        }),
      )
      .catch(refuseConflicts);
  }

  /** The object as it is now, and stays meanwhile; 404 where the tenant has it not, or not under these conditions. */
  async find(
    { tx, tenantId }: Writing,
    kind: ManagedKind,
    id: string,
    conditions: Conditions = {},
  ): Promise<StoredObject> {
    const found = await tx.first(findObject(kind, conditions, true), { tenantId, id, conditions });
    if (!found) throw nothingThere();
    if (found.builtIn) throw new ManagementProblem('built-in', "It is Signet's own");
    return found;
  }

  /** Gives what there is around the object, which `judge` has seen. */
  async declare(
    writing: Writing,
    objects: DeclaredObjects,
    judge: Judge,
    { account, kept }: { readonly account?: AccountId; readonly kept?: readonly KeptSecret[] } = {},
  ): Promise<StoredTenant> {
    const { declareObjects, ObjectsRefused } = await import('../configuration/declare-objects.js');
    const { secrets, rules } = this.on;
    // The kind and the name of an object come before its members in a path; those of the tenant itself have neither.
    const depth = Object.values(objects).some((value) => Array.isArray(value) && value.length === 1) ? 2 : 0;
    return declareObjects(writing, writing.tenantId, objects, judge, {
      secrets: kept ? { keepDeclared: () => [...kept] } : secrets,
      rules,
      ...(account !== undefined && { account }),
    }).catch((error: unknown) => {
      throw error instanceof ObjectsRefused ? problemOfFaults(error.faults, depth) : error;
    });
  }

  async remove({ tx, log, tenantId }: Writing, kind: PrunableKind, id: string): Promise<void> {
    const { removed, inUse } = await remove(tx, log, kind, tenantId, [id]);
    if (inUse.length > 0) {
      const named = inUse.map((reference) => `${reference.kind} ${reference.name}`);
      throw new ManagementProblem('in-use', `It is referred to by ${named.join(', ')}`.slice(0, 1_000));
    }
    if (removed.length === 0) throw nothingThere();
  }
}

/** One object of a kind, as a tenant declares it. */
export type DeclaredObject<K extends DeclaredKind> = DeclaredTenant[K][number];
