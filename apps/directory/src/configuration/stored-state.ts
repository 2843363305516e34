import { identifierKey, type AccountId, type DeclaredTenant, type TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { In, IsNull, type EntitySchema, type FindOptionsWhere } from 'typeorm';
import type { KeptSecret } from '../clients/client-secrets.js';
import { accountEntity, accountIdentifierEntity, type AccountRow } from '../store/account-entities.js';
import {
  groupEntity,
  groupRoleEntity,
  resourceServerEntity,
  roleEntity,
  scopeEntity,
  type GroupRow,
  type ResourceServerRow,
  type RoleRow,
  type ScopeRow,
} from '../store/catalogue-entities.js';
import { clientEntity, clientSecretEntity, type ClientRow } from '../store/client-entities.js';
import { tenantEntity, type TenantRow } from '../store/tenant-entity.js';

/** What the directory has of the objects that a configuration names, and holds locked until the end of the transaction. */
export interface StoredTenant {
  readonly row: TenantRow;
  readonly resourceServers: ReadonlyMap<string, ResourceServerRow>;
  readonly scopes: ReadonlyMap<string, ScopeRow>;
  readonly roles: ReadonlyMap<string, RoleRow>;
  readonly groups: ReadonlyMap<string, GroupRow & { readonly roles: readonly string[] }>;
  readonly clients: ReadonlyMap<string, ClientRow & { readonly secrets: readonly KeptSecret[] }>;
  /** Of the declared clients' ids, those that are the subject of an account, a deleted one too. */
  readonly subjects: ReadonlySet<string>;
  /** By identifier key. A tombstone has no row. */
  readonly accounts: ReadonlyMap<string, { readonly accountId: AccountId; readonly row: AccountRow | undefined }>;
}

/** Tenants by slug, and by the issuer that another one is declared to have. */
export async function lockTenants(tx: EntityTransaction, declared: readonly DeclaredTenant[]): Promise<TenantRow[]> {
  return tx.manager.find(tenantEntity, {
    where: [{ slug: In(declared.map(({ slug }) => slug)) }, { issuer: In(declared.map(({ issuer }) => issuer)) }],
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
}

export async function lockStored(
  tx: EntityTransaction,
  row: TenantRow,
  declared: DeclaredTenant,
): Promise<StoredTenant> {
  const tenantId = row.id;
  const clientIds = declared.clients.map(({ clientId }) => clientId);
  return {
    row,
    resourceServers: byKey(await all(tx, resourceServerEntity, { tenantId }), ({ identifier }) => identifier),
    scopes: byKey(await all(tx, scopeEntity, { tenantId }), ({ name }) => name),
    roles: byKey(await all(tx, roleEntity, { tenantId }), ({ name }) => name),
    groups: await groups(tx, tenantId),
    clients: await clients(tx, tenantId, clientIds),
    subjects: new Set((await all(tx, accountEntity, { tenantId, sub: In(clientIds) })).map(({ sub }) => sub)),
    accounts: await accounts(tx, tenantId, declared),
  };
}

function all<T extends object>(
  tx: EntityTransaction,
  entity: EntitySchema<T>,
  where: FindOptionsWhere<T>,
): Promise<T[]> {
  return tx.manager.find(entity, { where });
}

const byKey = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T> =>
  new Map(rows.map((row) => [keyOf(row), row]));

async function groups(tx: EntityTransaction, tenantId: TenantId): Promise<StoredTenant['groups']> {
  const names = new Map((await all(tx, roleEntity, { tenantId })).map(({ id, name }) => [id, name]));
  const given = await all(tx, groupRoleEntity, { tenantId });
  const withRoles = (await all(tx, groupEntity, { tenantId })).map((group) => ({
    ...group,
    roles: given.flatMap(({ groupId, roleId }) => (groupId === group.id ? (names.get(roleId) ?? []) : [])).sort(),
  }));
  return byKey(withRoles, ({ name }) => name);
}

async function clients(
  tx: EntityTransaction,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<StoredTenant['clients']> {
  const where = { tenantId, clientId: In(ids) };
  const rows = await tx.manager.find(clientEntity, {
    where,
    order: { clientId: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  const secrets = await all(tx, clientSecretEntity, where);
  const withSecrets = rows.map((row) => ({
    ...row,
    secrets: secrets
      .filter(({ clientId }) => clientId === row.clientId)
      .map(({ hash, sealed }) => ({ hash: hash.toString('base64url'), ...(sealed && { sealed }) })),
  }));
  return byKey(withSecrets, ({ clientId }) => clientId);
}

async function accounts(
  tx: EntityTransaction,
  tenantId: TenantId,
  { users }: DeclaredTenant,
): Promise<StoredTenant['accounts']> {
  const keys = users.map(({ username }) => identifierKey(username));
  const identifiers = await all(tx, accountIdentifierEntity, { tenantId, identifierKey: In(keys) });
  const rows = await tx.manager.find(accountEntity, {
    where: { tenantId, id: In(identifiers.map(({ accountId }) => accountId)), deletedAt: IsNull() },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  const byId = byKey(rows, ({ id }) => id);
  return new Map(
    identifiers.map(({ identifierKey: key, accountId }) => [key, { accountId, row: byId.get(accountId) }]),
  );
}
