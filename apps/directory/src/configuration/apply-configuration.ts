import { createHash } from 'node:crypto';
import type { applyDirectoryConfiguration, DeclaredTenant, Floor } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { Database, EntityTransaction } from '@signet/persistence';
import type { OutboundFetch } from '@signet/service';
import type { z } from 'zod';
import type { ClientSecrets } from '../clients/client-secrets.js';
import type { ClientRules } from '../clients/faults/client-check.js';
import { ChangeLog, type EventMaker } from './change-log.js';
import { findFaults } from './faults/find-faults.js';
import type { Fault } from './faults/fault.js';
import { findSectorFaults } from './faults/sector-faults.js';
import {
  findPlan,
  keepPlan,
  lockConfiguration,
  recordChanges,
  findUnraised,
  type PlanResponse,
} from './plan-statements.js';
import { lockAffected, reconcileAccounts } from './reconcile/reconcile-accounts.js';
import { reconcileCatalogue } from './reconcile/reconcile-catalogue.js';
import { reconcileClients } from './reconcile/reconcile-clients.js';
import { reconcileGroups } from './reconcile/reconcile-groups.js';
import { reconcileTenant } from './reconcile/reconcile-tenant.js';
import { lockStored, lockTenants, type StoredTenant } from './stored-state.js';

export type Plan = z.infer<typeof applyDirectoryConfiguration.request>;

export interface Transactions extends Pick<Database, 'execute'> {
  runWithEntities<T>(work: (tx: EntityTransaction) => Promise<T>): Promise<T>;
}

export interface Floors {
  /** In the transaction of the change. */
  add(tx: EntityTransaction, floors: readonly Floor[]): Promise<void>;
  /** After its commit. Throws where they are not confirmed. */
  raise(raiseIds: readonly string[]): Promise<void>;
}

export interface ApplyDependencies {
  readonly database: Transactions;
  readonly events: EventMaker;
  readonly floors: Floors;
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
  const sectors = await findSectorFaults(plan.tenants, on);
  const { response, unraised } = await on.database.runWithEntities(async (tx) => {
    await tx.execute(lockConfiguration, undefined);
    const answer = (await answered(tx, plan)) ?? (await change(tx, plan, sectors, on));
    const tenantIds = answer.tenants.map(({ tenantId }) => tenantId);
    return { response: answer, unraised: await tx.execute(findUnraised, { tenantIds }) };
  });
  await on.floors.raise(unraised.map(({ id }) => id));
  return response;
}

const digestOf = ({ tenants }: Plan): string =>
  createHash('sha256').update(JSON.stringify(tenants)).digest('base64url');

async function answered(tx: EntityTransaction, plan: Plan): Promise<PlanResponse | undefined> {
  const known = await tx.first(findPlan, { planId: plan.planId });
  if (known && known.digest !== digestOf(plan)) {
    throw new MeshError('conflict', 'a plan of this id was applied with another content');
  }
  return known?.response;
}

async function change(
  tx: EntityTransaction,
  plan: Plan,
  sectors: readonly Fault[],
  on: ApplyDependencies,
): Promise<PlanResponse> {
  const log = new ChangeLog(on.events, plan.planId);
  const rows = await lockTenants(tx, plan.tenants);
  const stored = new Map<string, StoredTenant>();
  for (const declared of plan.tenants) {
    const row = rows.find(({ slug }) => slug === declared.slug);
    if (row) stored.set(declared.slug, await lockStored(tx, row, declared));
  }
  refuse([...findFaults(plan.tenants, rows, stored, on.rules), ...sectors]);
  const tenants: PlanResponse['tenants'] = [];
  for (const declared of plan.tenants) {
    tenants.push(await reconcile(tx, log, declared, stored.get(declared.slug), on));
  }
  const response = { changes: log.changes, tenants };
  if (log.changes === 0) return response;
  log.applied();
  await tx.execute(recordChanges, log.events);
  await on.floors.add(tx, log.floors);
  await tx.execute(keepPlan, { planId: plan.planId, digest: digestOf(plan), response });
  return response;
}

/** What others refer to comes first. */
async function reconcile(
  tx: EntityTransaction,
  log: ChangeLog,
  declared: DeclaredTenant,
  stored: StoredTenant | undefined,
  on: ApplyDependencies,
): Promise<PlanResponse['tenants'][number]> {
  const tenant = await reconcileTenant(tx, log, declared, stored?.row);
  await reconcileCatalogue(tx, log, tenant.id, declared, stored);
  await reconcileClients(tx, log, tenant, declared.clients, stored, on.secrets);
  const affected = await lockAffected(tx, tenant.id, declared, stored);
  const ids = await reconcileGroups(tx, log, tenant.id, declared, stored);
  const users = await reconcileAccounts(tx, log, tenant.id, declared.users, stored, ids, affected);
  return { slug: tenant.slug, tenantId: tenant.id, users };
}

const mostDetails = 200;

function refuse(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const code = faults.every(({ stored }) => stored) ? 'failed_precondition' : 'invalid_argument';
  const details = faults
    .slice(0, mostDetails)
    .map(({ path, message }) => ({ path: path.map(String).join('.').slice(0, 500), message }));
  throw new MeshError(code, `the configuration has ${faults.length} faults`, details);
}
