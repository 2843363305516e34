import {
  account,
  accountId,
  accountStatus,
  type Account,
  type AccountId,
  type Micros,
  type TenantId,
} from '@signet/contracts';
import { micros, microsOf, statement } from '@signet/persistence';
import { z } from 'zod';

/** Names of the groups that "account" is in, and of the roles that it has: its own and those of its groups. */
const groups = `array(
  select held.name from membership join "group" held on held.tenant_id = membership.tenant_id and held.id = membership.group_id
  where membership.tenant_id = account.tenant_id and membership.account_id = account.id
  order by held.name collate "C")`;
const roles = `array(
  select role.name from role where role.tenant_id = account.tenant_id and role.id in (
    select role_id from account_role
    where account_role.tenant_id = account.tenant_id and account_role.account_id = account.id
      and account_role.organisation_id is null
    union all
    select group_role.role_id from membership join group_role
      on group_role.tenant_id = membership.tenant_id and group_role.group_id = membership.group_id
    where membership.tenant_id = account.tenant_id and membership.account_id = account.id)
  order by role.name collate "C")`;

export const findAccountById = statement<{ tenantId: TenantId; accountId: AccountId }, Account>({
  name: 'directory.account.find',
  text: `select id as "accountId", tenant_id as "tenantId", sub, translate(encode(pairwise_seed, 'base64'), '+/=', '-_') as "pairwiseSeed", status, version,
      jsonb_build_object('updated_at', extract(epoch from updated_at)::bigint) || claims as claims, ${groups} as groups, ${roles} as roles
    from account where tenant_id = $1 and id = $2 and deleted_at is null`,
  parameters: (p) => [p.tenantId, p.accountId],
  row: account,
});

/** Groups and roles of many accounts, before or after a change to them. */
export const readAuthority = statement<
  { tenantId: TenantId; accountIds: readonly AccountId[] },
  { accountId: AccountId; groups: string[]; ownRoles: string[]; roles: string[] }
>({
  name: 'directory.account.read-authority',
  text: `select id as "accountId", ${groups} as groups, ${roles} as roles, array(
      select role.name from account_role join role on role.tenant_id = account_role.tenant_id and role.id = account_role.role_id
      where account_role.tenant_id = account.tenant_id and account_role.account_id = account.id
        and account_role.organisation_id is null
      order by role.name collate "C") as "ownRoles"
    from account where tenant_id = $1 and id = any($2::uuid[])`,
  parameters: (p) => [p.tenantId, p.accountIds],
  row: z.object({
    accountId,
    groups: z.array(z.string()),
    ownRoles: z.array(z.string()),
    roles: z.array(z.string()),
  }),
});

export const lockMembersOf = statement<
  { tenantId: TenantId; groupIds: readonly string[] },
  { accountId: AccountId; version: number }
>({
  name: 'directory.account.lock-members',
  text: `select id as "accountId", version from account
    where tenant_id = $1 and deleted_at is null and id in (
      select account_id from membership where membership.tenant_id = $1 and group_id = any($2::uuid[]))
    order by id for update`,
  parameters: (p) => [p.tenantId, p.groupIds],
  row: z.object({ accountId, version: z.int().positive() }),
});

export interface Resolution {
  readAt: Micros;
  account: { accountId: AccountId; status: Account['status']; version: number; username: string } | null;
}

/**
 * One row always. `readAt` is what the sign-in's `since` will be, and a floor raised for a disablement that this read does
 * not see must be later: so it is the start of the transaction, which lies before the snapshot, not clock_timestamp(),
 * which Postgres asks after it.
 */
export const resolveIdentifier = statement<{ tenantId: TenantId; identifierKey: string }, Resolution>({
  name: 'directory.account.resolve',
  text: `select ${microsOf('transaction_timestamp()')} as "readAt", case when account.id is not null then jsonb_build_object(
      'accountId', account.id, 'status', account.status, 'version', account.version, 'username', account.username) end as account
    from (values (1)) once left join (
      account_identifier identifier
      join account on account.tenant_id = identifier.tenant_id and account.id = identifier.account_id and account.deleted_at is null
      join tenant on tenant.id = identifier.tenant_id and tenant.enabled
    ) on identifier.tenant_id = $1 and identifier.identifier_key = $2`,
  parameters: (p) => [p.tenantId, p.identifierKey],
  row: z.object({
    readAt: micros,
    account: z
      .object({ accountId, status: accountStatus, version: z.int().positive(), username: z.string() })
      .nullable(),
  }),
});
