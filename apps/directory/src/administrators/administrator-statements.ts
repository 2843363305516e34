import { type AccountId, type StoredClaims, type TenantId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';

/** The built-in role that may do everything in its tenant. */
export const administratorRole = 'signet:administrator';

/** One who makes the first administrator waits for another one who does, and for a configuration. */
export const lockTenant = statement<{ tenantId: TenantId }, unknown>({
  name: 'directory.administrator.lock-tenant',
  text: 'select 1 from tenant where id = $1 for no key update',
  parameters: (p) => [p.tenantId],
  row: ignoredRow,
});

/** Whether an active account has the role everywhere in the tenant: itself, or by a group, however deep. No row for an unknown tenant. */
export const findAdministrators = statement<{ tenantId: TenantId }, { exists: boolean }>({
  name: 'directory.administrator.find',
  text: `
with recursive administrator as (
  select id from role where tenant_id = $1 and name = '${administratorRole}' and built_in
), holder (id) as (
  select held.id from group_role join administrator on administrator.id = group_role.role_id
  join "group" held on held.tenant_id = group_role.tenant_id and held.id = group_role.group_id and held.organisation_id is null
  where group_role.tenant_id = $1
  union
  select group_group.child_id from holder join group_group on group_group.tenant_id = $1 and group_group.parent_id = holder.id
)
select exists (
    select from account_role join administrator on administrator.id = account_role.role_id
    join account on account.tenant_id = account_role.tenant_id and account.id = account_role.account_id
    where account_role.tenant_id = $1 and account_role.organisation_id is null
      and account.status = 'active' and account.deleted_at is null
  ) or exists (
    select from membership join holder on holder.id = membership.group_id
    join account on account.tenant_id = membership.tenant_id and account.id = membership.account_id
    where membership.tenant_id = $1 and account.status = 'active' and account.deleted_at is null
  ) as exists
from tenant where id = $1`,
  parameters: (p) => [p.tenantId],
  row: z.object({ exists: z.boolean() }),
});

export const findMade = statement<{ tenantId: TenantId; accountId: AccountId }, unknown>({
  name: 'directory.administrator.find-made',
  text: 'select 1 from account where tenant_id = $1 and id = $2',
  parameters: (p) => [p.tenantId, p.accountId],
  row: ignoredRow,
});

interface NewAdministrator {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly sub: string;
  readonly username: string;
  readonly identifierKey: string;
  readonly claims: StoredClaims;
}

export const insertAdministrator = statement<NewAdministrator, unknown>({
  name: 'directory.administrator.insert',
  text: `
with made as (
  insert into account (tenant_id, id, sub, status, username, claims, version) values ($1, $2, $3, 'active', $4, $6, 1)
  returning tenant_id, id
), named as (
  insert into account_identifier (tenant_id, identifier_key, account_id, kind, displayed)
  select tenant_id, $5, id, 'username', $4 from made
)
insert into account_role (tenant_id, account_id, role_id)
select made.tenant_id, made.id, role.id
from made join role on role.tenant_id = made.tenant_id and role.name = '${administratorRole}' and role.built_in`,
  parameters: (p) => [p.tenantId, p.accountId, p.sub, p.username, p.identifierKey, JSON.stringify(p.claims)],
  row: ignoredRow,
});
