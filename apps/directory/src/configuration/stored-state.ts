import { groupName, identifierKey, type AccountId, type DeclaredTenant, type TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { In, IsNull, type EntitySchema, type FindOptionsWhere } from 'typeorm';
import type { KeptSecret } from '../clients/client-secrets.js';
import { findTakenIdentifiers } from '../accounts/identifier-statements.js';
import { accountEntity, type AccountRow } from '../store/account-entities.js';
import {
  scopeEntity,
  type GroupRow,
  type OrganisationRow,
  type ResourceServerRow,
  type RoleRow,
  type ScopeRow,
} from '../store/catalogue-entities.js';
import { clientEntity, clientRoleEntity, clientSecretEntity, type ClientRow } from '../store/client-entities.js';
import { tenantEntity, type TenantRow } from '../store/tenant-entity.js';
import { readAuthorityState } from './stored-authority.js';

/** What the directory has of the objects that a configuration names, and holds locked until the end of the transaction. */
export interface StoredTenant {
  readonly row: TenantRow;
  readonly resourceServers: ReadonlyMap<string, StoredResourceServer>;
  readonly scopes: ReadonlyMap<string, ScopeRow>;
  readonly roles: ReadonlyMap<string, StoredRole>;
  readonly organisations: ReadonlyMap<string, StoredOrganisation>;
  /** By what they are referred to. */
  readonly groups: ReadonlyMap<string, StoredGroup>;
  readonly clients: ReadonlyMap<string, StoredClient>;
  /** Of the declared clients' ids, those that are the subject of an account, a deleted one too. */
  readonly subjects: ReadonlySet<string>;
  /** By identifier key. A tombstone has no row. */
  readonly accounts: ReadonlyMap<string, { readonly accountId: AccountId; readonly row: AccountRow | undefined }>;
}

export type StoredResourceServer = ResourceServerRow & {
  readonly permissions: readonly { readonly name: string; readonly description: string }[];
};
export type StoredRole = RoleRow & { readonly permissions: Readonly<Record<string, readonly string[]>> };
export type StoredOrganisation = OrganisationRow & { readonly roles: readonly string[] };
export type StoredGroup = GroupRow & {
  readonly organisation: string | undefined;
  readonly roles: readonly string[];
  /** Those whose members are members of it. */
  readonly groups: readonly string[];
};
export type StoredClient = ClientRow & { readonly secrets: readonly KeptSecret[]; readonly roles: readonly string[] };

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
  const authority = await readAuthorityState(tx, tenantId);
  return {
    row,
    resourceServers: byKey(authority.resourceServers, ({ identifier }) => identifier),
    scopes: byKey(await all(tx, scopeEntity, { tenantId }), ({ name }) => name),
    roles: byKey(authority.roles, ({ name }) => name),
    organisations: byKey(authority.organisations, ({ name }) => name),
    groups: byKey(authority.groups, groupName),
    clients: await clients(tx, tenantId, clientIds, authority.roleNames),
    subjects: new Set((await all(tx, accountEntity, { tenantId, sub: In(clientIds) })).map(({ sub }) => sub)),
    accounts: await accounts(tx, tenantId, declared),
  };
}

export function all<T extends object>(
  tx: EntityTransaction,
  entity: EntitySchema<T>,
  where: FindOptionsWhere<T>,
): Promise<T[]> {
  return tx.manager.find(entity, { where });
}

const byKey = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T> =>
  new Map(rows.map((row) => [keyOf(row), row]));

async function clients(
  tx: EntityTransaction,
  tenantId: TenantId,
  ids: readonly string[],
  roleNames: ReadonlyMap<string, string>,
): Promise<StoredTenant['clients']> {
  const where = { tenantId, clientId: In(ids) };
  const rows = await tx.manager.find(clientEntity, {
    where,
    order: { clientId: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  const secrets = await all(tx, clientSecretEntity, where);
  const given = await all(tx, clientRoleEntity, where);
  const withSecrets = rows.map((row) => ({
    ...row,
    roles: given
      .flatMap(({ clientId, roleId }) => (clientId === row.clientId ? (roleNames.get(roleId) ?? []) : []))
      .sort(),
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
  const identifiers = keys.length > 0 ? await tx.execute(findTakenIdentifiers, { tenantId, identifierKeys: keys }) : [];
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
