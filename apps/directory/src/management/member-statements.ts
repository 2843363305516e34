import { accountId, type AccountId, type GroupId, type OrganisationId, type TenantId } from '@signet/contracts';
import { statement } from '@signet/persistence';
import { z } from 'zod';
import { ownRoles } from '../accounts/authority-sql.js';

interface Paged {
  readonly tenantId: TenantId;
  readonly after: string | undefined;
  readonly limit: number;
}

const lowest = '00000000-0000-0000-0000-000000000000';

export interface OrganisationMember {
  readonly accountId: AccountId;
  readonly username: string;
  readonly roles: string[];
}

export const listOrganisationMembers = statement<Paged & { organisationId: OrganisationId }, OrganisationMember>({
  name: 'directory.managed.organisation-members.list',
  text: `select account.id as "accountId", account.username, ${ownRoles('member.organisation_id')} as roles
    from organisation_member member
    join account on account.tenant_id = member.tenant_id and account.id = member.account_id and account.deleted_at is null
    where member.tenant_id = $1 and member.organisation_id = $2 and member.account_id > coalesce($3::uuid, '${lowest}')
    order by member.account_id limit $4`,
  parameters: (p) => [p.tenantId, p.organisationId, p.after ?? null, p.limit],
  row: z.object({ accountId, username: z.string(), roles: z.array(z.string()) }),
});

export interface GroupMember {
  readonly accountId: AccountId;
  readonly username: string;
}

export const listGroupMembers = statement<Paged & { groupId: GroupId }, GroupMember>({
  name: 'directory.managed.group-members.list',
  text: `select account.id as "accountId", account.username from membership member
    join account on account.tenant_id = member.tenant_id and account.id = member.account_id and account.deleted_at is null
    where member.tenant_id = $1 and member.group_id = $2 and member.account_id > coalesce($3::uuid, '${lowest}')
    order by member.account_id limit $4`,
  parameters: (p) => [p.tenantId, p.groupId, p.after ?? null, p.limit],
  row: z.object({ accountId, username: z.string() }),
});
