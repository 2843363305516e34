import type { DeclaredTenant } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { EntityTransaction } from '@signet/persistence';
import type { ClientSecrets } from '../clients/client-secrets.js';
import type { ApplyDependencies } from './apply-configuration.js';
import { ChangeLog } from '../changes/change-log.js';
import { settle } from '../changes/settle.js';
import { findFaults } from './faults/find-faults.js';
import type { Fault } from './faults/fault.js';
import { untoldPermissions } from './faults/untold-permissions.js';
import { digestOf, namedObjects, type Plan } from './plan.js';
import { keepDeclared, keysOf } from './declared-objects.js';
import { prune } from './reconcile/prune.js';
import { keepPlan, type PlanResponse } from './plan-statements.js';
import { reconcileAccounts } from './reconcile/reconcile-accounts.js';
import { dropPermissions, reconcileCatalogue } from './reconcile/reconcile-catalogue.js';
import { reconcileClients } from './reconcile/reconcile-clients.js';
import { reconcileGroups } from './reconcile/reconcile-groups.js';
import { reconcileOrganisations } from './reconcile/reconcile-organisations.js';
import { reconcileRoles } from './reconcile/reconcile-roles.js';
import { createTenant, reconcileTenant } from './reconcile/reconcile-tenant.js';
import { lockStored, lockTenants, type StoredTenant } from './stored-state.js';

/** Makes the directory what the plan declares; tells of each change, and of what it takes away. Throws as `applyConfiguration`. */
export async function changeDirectory(
  tx: EntityTransaction,
  plan: Plan,
  sectors: readonly Fault[],
  on: Omit<ApplyDependencies, 'database'>,
): Promise<PlanResponse> {
  const log = new ChangeLog(on.events, { actor: 'operator:configuration' });
  const rows = await lockTenants(tx, plan.tenants);
  const stored = new Map<string, StoredTenant>();
  for (const declared of plan.tenants) {
    const row = rows.find(({ slug }) => slug === declared.slug);
    if (row) stored.set(declared.slug, await lockStored(tx, row, declared));
  }
  const faults = findFaults(plan.tenants, rows, stored, on.rules);
  refuse([...faults, ...untoldPermissions(plan.tenants, stored), ...sectors]);
  const tenants: PlanResponse['tenants'] = [];
  for (const declared of plan.tenants) {
    tenants.push(await reconcile(tx, log, declared, stored.get(declared.slug), on));
  }
  await pruneAll(tx, log, plan, tenants);
  for (const [index, declared] of plan.tenants.entries()) {
    const tenantId = tenants[index]?.tenantId;
    if (tenantId) await tx.execute(keepDeclared, { tenantId, planId: plan.planId, keys: keysOf(declared) });
  }
  const response = { changes: log.changes, tenants };
  if (log.changes === 0) return response;
  log.applied(plan.planId);
  await settle(tx, log, on.floors);
  const named = namedObjects(plan);
  await tx.execute(keepPlan, { planId: plan.planId, digest: digestOf(plan), response, named });
  return response;
}

async function reconcile(
  tx: EntityTransaction,
  log: ChangeLog,
  declared: DeclaredTenant,
  known: StoredTenant | undefined,
  on: Pick<ApplyDependencies, 'secrets'>,
): Promise<PlanResponse['tenants'][number]> {
  if (known) return reconcileTenantObjects(tx, log, declared, known, on);
  const tenant = await createTenant(tx, log, declared);
  // It has what Signet itself makes in it.
  return reconcileTenantObjects(tx, log, declared, await lockStored(tx, tenant, declared), on);
}

/** Makes the objects of a stored tenant what is declared, the tenant itself among them. What others refer to comes first. */
export async function reconcileTenantObjects(
  tx: EntityTransaction,
  log: ChangeLog,
  declared: DeclaredTenant,
  stored: StoredTenant,
  on: { readonly secrets: Pick<ClientSecrets, 'keepDeclared'> },
): Promise<PlanResponse['tenants'][number]> {
  const tenant = await reconcileTenant(tx, log, declared, stored.row);
  await reconcileCatalogue(tx, log, tenant.id, declared, stored);
  const roles = await reconcileRoles(tx, log, tenant.id, declared, stored);
  await dropPermissions(tx, tenant.id, declared, stored);
  const organisations = await reconcileOrganisations(tx, log, tenant.id, declared, stored, roles);
  const groups = await reconcileGroups(tx, log, tenant.id, declared, stored, { roles, organisations });
  await reconcileClients(tx, log, tenant, declared.clients, stored, { secrets: on.secrets, roles });
  const users = await reconcileAccounts(tx, log, tenant.id, declared.users, stored, { roles, organisations, groups });
  return { slug: tenant.slug, tenantId: tenant.id, users };
}

async function pruneAll(tx: EntityTransaction, log: ChangeLog, plan: Plan, tenants: PlanResponse['tenants']) {
  const faults: Fault[] = [];
  for (const declared of plan.tenants) {
    const kinds = plan.prune?.[declared.slug];
    const tenantId = tenants.find(({ slug }) => slug === declared.slug)?.tenantId;
    if (kinds && tenantId) faults.push(...(await prune(tx, log, tenantId, declared, kinds)));
  }
  refuse(faults);
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
