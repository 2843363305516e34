import type { Account, AccountAttributes, AccountId, OrganisationId, StoredClaims, TenantId } from '@signet/contracts';
import { entity } from './entity.js';

export interface AccountRow {
  tenantId: TenantId;
  id: AccountId;
  sub: string;
  status: Account['status'];
  username: string;
  claims: StoredClaims;
  attributes: AccountAttributes;
  version: number;
  deletedAt: Date | null;
}

export interface AccountIdentifierRow {
  tenantId: TenantId;
  identifierKey: string;
  accountId: AccountId;
  kind: 'username';
  displayed: string;
}

export interface MembershipRow {
  tenantId: TenantId;
  groupId: string;
  accountId: AccountId;
}

export interface OrganisationMemberRow {
  tenantId: TenantId;
  organisationId: OrganisationId;
  accountId: AccountId;
}

export interface AccountRoleRow {
  tenantId: TenantId;
  accountId: AccountId;
  roleId: string;
  /** Where the role counts; null: everywhere in the tenant. */
  organisationId: OrganisationId | null;
}

export const accountEntity = entity<AccountRow>('account', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  id: { type: 'uuid', primary: true },
  sub: { type: 'text' },
  status: { type: 'text' },
  username: { type: 'text' },
  claims: { type: 'jsonb' },
  attributes: { type: 'jsonb' },
  version: { type: 'integer' },
  deletedAt: { type: 'timestamptz', nullable: true, name: 'deleted_at' },
});

export const accountIdentifierEntity = entity<AccountIdentifierRow>('account_identifier', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  identifierKey: { type: 'text', primary: true, name: 'identifier_key' },
  accountId: { type: 'uuid', name: 'account_id' },
  kind: { type: 'text' },
  displayed: { type: 'text' },
});

export const membershipEntity = entity<MembershipRow>('membership', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  groupId: { type: 'uuid', primary: true, name: 'group_id' },
  accountId: { type: 'uuid', primary: true, name: 'account_id' },
});

export const organisationMemberEntity = entity<OrganisationMemberRow>('organisation_member', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  organisationId: { type: 'uuid', primary: true, name: 'organisation_id' },
  accountId: { type: 'uuid', primary: true, name: 'account_id' },
});

export const accountRoleEntity = entity<AccountRoleRow>('account_role', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  accountId: { type: 'uuid', primary: true, name: 'account_id' },
  roleId: { type: 'uuid', primary: true, name: 'role_id' },
  organisationId: { type: 'uuid', nullable: true, name: 'organisation_id' },
});
