import { identifierKey, type AccountId, type DeclaredTenant, type TenantId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { EntityTransaction } from '@signet/persistence';
import { IsNull } from 'typeorm';
import type { Change } from '../changes/directory-changes.js';
import type { ClientSecrets } from '../clients/client-secrets.js';
import type { ClientRules } from '../clients/faults/client-check.js';
import { accountEntity } from '../store/account-entities.js';
import { tenantEntity, type TenantRow } from '../store/tenant-entity.js';
import { reconcileTenantObjects } from './change-directory.js';
import type { Fault } from './faults/fault.js';
import { findFaults } from './faults/find-faults.js';
import { lockStored, type StoredTenant } from './stored-state.js';

export type DeclaredObjects = Partial<Omit<DeclaredTenant, 'slug' | 'issuer'>>;

export interface DeclareOptions {
  readonly secrets: Pick<ClientSecrets, 'keepDeclared'>;
  readonly rules: ClientRules;
  /** The account that the one declared user is, whatever it was called before. */
  readonly account?: AccountId;
}

/** What is wrong with objects that were declared one by one. */
export class ObjectsRefused extends Error {
  override readonly name = 'ObjectsRefused';
  /** Paths are below the tenant: `['roles', 'reader', 'permissions', …]`. */
  constructor(readonly faults: readonly Fault[]) {
    super(`${faults.length} faults`);
  }
}

/**
 * Declares single objects of a tenant, as a configuration would that names nothing else: judged by the same rules, told by the
 * same events. `judge` sees what is stored under its lock, and throws where that is not what the change was meant for. Throws ObjectsRefused.
 */
export async function declareObjects(
  { tx, log }: Change<EntityTransaction>,
  tenantId: TenantId,
  objects: DeclaredObjects,
  judge: (stored: StoredTenant) => void,
  { secrets, rules, account }: DeclareOptions,
): Promise<StoredTenant> {
  const row = await lockTenant(tx, tenantId);
  const declared: DeclaredTenant = { ...membersOf(row), ...nothing, ...objects };
  const stored = await withAccount(tx, await lockStored(tx, row, declared), declared, account);
  judge(stored);
  const faults = findFaults([declared], [row], new Map([[row.slug, stored]]), rules);
  if (faults.length > 0) {
    // Below `tenants` and the slug.
    throw new ObjectsRefused(faults.map((fault) => ({ ...fault, path: fault.path.slice(2) })));
  }
  await reconcileTenantObjects(tx, log, declared, stored, { secrets });
  return stored;
}

const nothing = {
  ...{ resourceServers: [], scopes: [], roles: [], organisations: [] },
  ...{ groups: [], clients: [], users: [] },
} satisfies DeclaredObjects;

const membersOf = ({ slug, issuer, name, enabled, policies, branding, attributes }: TenantRow) => ({
  ...{ slug, issuer, name, enabled },
  ...{ policies, branding, attributes },
});

export async function lockTenant(tx: EntityTransaction, tenantId: TenantId): Promise<TenantRow> {
  const row = await tx.manager.findOne(tenantEntity, { where: { id: tenantId }, lock: { mode: 'for_no_key_update' } });
  if (!row) throw new MeshError('not_found', 'there is no such tenant');
  return row;
}

/** `stored` with the account under the name that it is declared to have. */
async function withAccount(
  tx: EntityTransaction,
  stored: StoredTenant,
  { users: [user] }: DeclaredTenant,
  account: AccountId | undefined,
): Promise<StoredTenant> {
  if (account === undefined || !user) return stored;
  const key = identifierKey(user.username);
  const known = stored.accounts.get(key);
  if (known && known.accountId !== account) {
    throw new ObjectsRefused([{ path: ['users', user.username, 'username'], message: 'is taken', stored: true }]);
  }
  const row = await tx.manager.findOne(accountEntity, {
    where: { tenantId: stored.row.id, id: account, deletedAt: IsNull() },
    lock: { mode: 'for_no_key_update' },
  });
  return row ? { ...stored, accounts: new Map([...stored.accounts, [key, { accountId: account, row }]]) } : stored;
}
