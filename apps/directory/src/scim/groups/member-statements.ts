import { managementResource, type TenantId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';
import type { GroupKey } from './group-statements.js';

const ids = z.array(z.string());

interface Members extends GroupKey {
  readonly ids: readonly string[];
}

const membersParameters = (p: Members) => [p.tenantId, p.groupId, p.ids];

/** What was added; and what of these is nobody. Nothing is read of who is a member already. */
export const addAccounts = statement<Members, { added: string[]; unknown: string[] }>({
  name: 'directory.scim-member.add-accounts',
  text: `with known as (
      select id from account where tenant_id = $1 and id = any($3::uuid[]) and deleted_at is null for share
    ), added as (
      insert into membership (tenant_id, group_id, account_id) select $1, $2, id from known on conflict do nothing returning account_id)
    select array(select account_id from added) as added, array(select unnest($3::uuid[]) except select id from known) as unknown`,
  parameters: membersParameters,
  row: z.object({ added: ids, unknown: ids }),
});

export const addGroups = statement<Members, { added: string[]; unknown: string[] }>({
  name: 'directory.scim-member.add-groups',
  text: `with known as (
      select id from "group" where tenant_id = $1 and id = any($3::uuid[]) and organisation_id is null for key share
    ), added as (
      insert into group_group (tenant_id, parent_id, child_id) select $1, $2, id from known on conflict do nothing returning child_id)
    select array(select child_id from added) as added, array(select unnest($3::uuid[]) except select id from known) as unknown`,
  parameters: membersParameters,
  row: z.object({ added: ids, unknown: ids }),
});

export const removeMembers = statement<Members, { removed: string[] }>({
  name: 'directory.scim-member.remove',
  text: `with accounts as (
      delete from membership where tenant_id = $1 and group_id = $2 and account_id = any($3::uuid[]) returning account_id
    ), groups as (
      delete from group_group where tenant_id = $1 and parent_id = $2 and child_id = any($3::uuid[]) returning child_id)
    select array(select account_id from accounts union all select child_id from groups) as removed`,
  parameters: membersParameters,
  row: z.object({ removed: ids }),
});

/** Everybody but these. */
export const removeOthers = statement<Members, { removed: string[] }>({
  name: 'directory.scim-member.remove-others',
  text: `with accounts as (
      delete from membership where tenant_id = $1 and group_id = $2 and not account_id = any($3::uuid[]) returning account_id
    ), groups as (
      delete from group_group where tenant_id = $1 and parent_id = $2 and not child_id = any($3::uuid[]) returning child_id)
    select array(select account_id from accounts union all select child_id from groups) as removed`,
  parameters: membersParameters,
  row: z.object({ removed: ids }),
});

/** Counts no further than `most` and one. */
export const countMembers = statement<GroupKey & { most: number }, { members: number }>({
  name: 'directory.scim-member.count',
  text: `select count(*)::int as members from (
    select from membership where tenant_id = $1 and group_id = $2 limit $3::int + 1) counted`,
  parameters: (p) => [p.tenantId, p.groupId, p.most],
  row: z.object({ members: z.int().nonnegative() }),
});

/** Nesting changes one after the other: two that are right alone may make a circle together. */
export const lockNesting = statement<{ tenantId: TenantId }, unknown>({
  name: 'directory.scim-member.lock-nesting',
  text: 'select from tenant where id = $1 for no key update',
  parameters: (p) => [p.tenantId],
  row: ignoredRow,
});

/** What it would be to have these groups in the group: a circle, or so many groups one in another. */
export const findNesting = statement<Members, { isCircle: boolean; depth: number }>({
  name: 'directory.scim-member.find-nesting',
  text: `with recursive above (id, depth) as (
      select $2::uuid, 1
      union select parent_id, depth + 1 from above join group_group on tenant_id = $1 and child_id = above.id where depth < 20
    ), below (id, depth) as (
      select unnest($3::uuid[]), 1
      union select child_id, depth + 1 from below join group_group on tenant_id = $1 and parent_id = below.id where depth < 20)
    select exists (select from above join below using (id)) as "isCircle",
      (select max(depth) from above) + coalesce((select max(depth) from below), 0) as depth`,
  parameters: membersParameters,
  row: z.object({ isCircle: z.boolean(), depth: z.int() }),
});

/** What members of the group may administer by it, and by the groups that it is in. */
export const findGiven = statement<GroupKey, { permissions: string[] }>({
  name: 'directory.scim-member.find-given',
  text: `with recursive above (id) as (
      select $2::uuid union select parent_id from above join group_group on tenant_id = $1 and child_id = above.id)
    select array(
      select distinct role_permission.name from above
        join group_role on group_role.tenant_id = $1 and group_role.group_id = above.id
        join role_permission on role_permission.tenant_id = $1 and role_permission.role_id = group_role.role_id
        join resource_server on resource_server.tenant_id = $1 and resource_server.id = role_permission.resource_server_id
          and resource_server.identifier = '${managementResource}') as permissions`,
  parameters: (p) => [p.tenantId, p.groupId],
  row: z.object({ permissions: z.array(z.string()) }),
});
