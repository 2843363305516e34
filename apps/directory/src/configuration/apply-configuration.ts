import type { EventId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { Transaction } from '@signet/persistence';
import type { OutboundFetch } from '@signet/service';
import type { ClientSecrets } from '../clients/client-secrets.js';
import type { ClientRules } from '../clients/faults/client-check.js';
import { findUnraised } from '../changes/change-statements.js';
import type { ChangesDependencies } from '../changes/directory-changes.js';
import { findSectorFaults } from './faults/sector-faults.js';
import { findPlan, findUnchanged, lockConfiguration, type PlanResponse } from './plan-statements.js';
import { digestOf, namedObjects, type Plan } from './plan.js';

export interface ApplyDependencies extends ChangesDependencies {
  readonly secrets: ClientSecrets;
  readonly outbound: Pick<OutboundFetch, 'text'>;
  readonly rules: ClientRules;
}

/**
 * Applies a plan in one transaction and answers when token has committed the floors of what it took away. Safe to repeat: what
 * stands already is no change. Throws MeshError: invalid_argument or failed_precondition with every fault in its details,
 * conflict for a plan id with another content, unavailable where a floor is not confirmed (the change stands).
 */
export async function applyConfiguration(plan: Plan, on: ApplyDependencies): Promise<PlanResponse> {
  const { response, unraised } = (await stands(plan, on)) ?? (await change(plan, on));
  await on.floors.raise(unraised.map(({ id }) => id));
  return response;
}

interface Settled {
  readonly response: PlanResponse;
  /** Also of an earlier plan. */
  readonly unraised: readonly { readonly id: EventId }[];
}

/** A look without the lock, which most starts find all in that they declare. */
async function stands(plan: Plan, { database }: ApplyDependencies): Promise<Settled | undefined> {
  const response = (await answered(database, plan)) ?? (await unchanged(database, plan));
  return response && { response, unraised: await unraisedOf(database, response) };
}

async function change(plan: Plan, { database, ...on }: ApplyDependencies): Promise<Settled> {
  // It brings TypeORM, which is slow to load.
  const { changeDirectory } = await import('./change-directory.js');
  const sectors = await findSectorFaults(plan.tenants, { database, ...on });
  return database.runWithEntities(async (tx) => {
    await tx.execute(lockConfiguration, undefined);
    const response = (await answered(tx, plan)) ?? (await changeDirectory(tx, plan, sectors, on));
    return { response, unraised: await unraisedOf(tx, response) };
  });
}

async function answered(database: Pick<Transaction, 'first'>, plan: Plan): Promise<PlanResponse | undefined> {
  const known = await database.first(findPlan, { planId: plan.planId });
  if (known && known.digest !== digestOf(plan)) {
    throw new MeshError('conflict', 'a plan of this id was applied with another content');
  }
  return known?.response;
}

/** Where this content was applied before, and nothing that it names has had another version since. */
async function unchanged(database: Pick<Transaction, 'first'>, plan: Plan): Promise<PlanResponse | undefined> {
  // What is to be pruned is what the plan does not name: it has to be looked for.
  if (plan.prune !== undefined) return undefined;
  const known = await database.first(findUnchanged, { digest: digestOf(plan), named: namedObjects(plan) });
  return known && { ...known.response, changes: 0 };
}

const unraisedOf = (database: Pick<Transaction, 'execute'>, { tenants }: PlanResponse) =>
  database.execute(findUnraised, { tenantIds: tenants.map(({ tenantId }) => tenantId) });
