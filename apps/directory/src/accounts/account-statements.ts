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
import {
  authorityVersionOf,
  effectiveGroups,
  groupReferenceOf,
  ownRoles,
  permissionsOf,
  roleNames,
  rolesIn,
} from './authority-sql.js';

export const findAccountById = statement<{ tenantId: TenantId; accountId: AccountId }, Account>({
  name: 'directory.account.find',
  text: `select id as "accountId", tenant_id as "tenantId", sub, translate(encode(pairwise_seed, 'base64'), '+/=', '-_') as "pairwiseSeed", status, version,
      jsonb_build_object('updated_at', extract(epoch from updated_at)::bigint) || claims as claims,
      array(
        select ${groupReferenceOf} from "group" held where held.tenant_id = account.tenant_id and held.id = any(effective.ids)
        order by held.name collate "C") as groups,
      ${roleNames('account', rolesIn('null::uuid'))} as roles,
      jsonb_build_object('version', ${authorityVersionOf('account')}, 'permissions', ${permissionsOf('account', rolesIn('null::uuid'))}) as authority,
      coalesce((
        select jsonb_agg(jsonb_build_object('organisationId', organisation.id, 'name', organisation.name,
          'roles', ${roleNames('account', rolesIn('organisation.id'))},
          'permissions', ${permissionsOf('account', rolesIn('organisation.id'))}) order by organisation.name collate "C")
        from organisation_member member join organisation
          on organisation.tenant_id = member.tenant_id and organisation.id = member.organisation_id and organisation.enabled
        where member.tenant_id = account.tenant_id and member.account_id = account.id), '[]') as organisations
    from account cross join lateral ${effectiveGroups} effective
    where tenant_id = $1 and id = $2 and deleted_at is null`,
  parameters: (p) => [p.tenantId, p.accountId],
  row: account,
});

/** What is given to accounts themselves: the groups that they are put into, their own roles, their organisations with the roles that count there. */
export interface Assignments {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly organisations: readonly { readonly name: string; readonly roles: readonly string[] }[];
}

/** Of many accounts, before or after a change to them. */
export const readAssignments = statement<
  { tenantId: TenantId; accountIds: readonly AccountId[] },
  Assignments & { accountId: AccountId }
>({
  name: 'directory.account.read-assignments',
  text: `select id as "accountId",
      array(
        select ${groupReferenceOf} from membership join "group" held
          on held.tenant_id = membership.tenant_id and held.id = membership.group_id
        where membership.tenant_id = account.tenant_id and membership.account_id = account.id
        order by 1) as groups,
      ${ownRoles('null::uuid')} as roles,
      coalesce((
        select jsonb_agg(jsonb_build_object('name', organisation.name, 'roles', ${ownRoles('organisation.id')}) order by organisation.name collate "C")
        from organisation_member member join organisation
          on organisation.tenant_id = member.tenant_id and organisation.id = member.organisation_id
        where member.tenant_id = account.tenant_id and member.account_id = account.id), '[]') as organisations
    from account where tenant_id = $1 and id = any($2::uuid[])`,
  parameters: (p) => [p.tenantId, p.accountIds],
  row: z.object({
    accountId,
    groups: z.array(z.string()),
    roles: z.array(z.string()),
    organisations: z.array(z.object({ name: z.string(), roles: z.array(z.string()) })),
  }),
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
