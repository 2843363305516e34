/** SQL: ids of the groups that the account "account" is in, by nesting too, as one array of a lateral row. */
export const effectiveGroups = `(
  with recursive held (id) as (
    select group_id from membership where membership.tenant_id = account.tenant_id and membership.account_id = account.id
    union
    select group_group.parent_id from held join group_group on group_group.tenant_id = account.tenant_id and group_group.child_id = held.id
  )
  select coalesce(array_agg(id), '{}') as ids from held)`;

/** SQL: how a group "held" is referred to. */
export const groupReferenceOf = `coalesce((
  select organisation.name || '/' from organisation
  where organisation.tenant_id = held.tenant_id and organisation.id = held.organisation_id), '') || held.name`;

/** SQL: ids of the roles that the account "account" of the groups "effective" has in a place: null, or an organisation's id. */
export const rolesIn = (organisation: string): string => `(
  select role_id from account_role
  where account_role.tenant_id = account.tenant_id and account_role.account_id = account.id
    and account_role.organisation_id is not distinct from ${organisation}
  union
  select group_role.role_id from group_role join "group" held on held.tenant_id = group_role.tenant_id and held.id = group_role.group_id
  where group_role.tenant_id = account.tenant_id and group_role.group_id = any(effective.ids)
    and held.organisation_id is not distinct from ${organisation}
  union
  select role_id from organisation_role
  where organisation_role.tenant_id = account.tenant_id and organisation_role.organisation_id = ${organisation})`;

/** SQL: names of the roles that the account "account" itself has in a place. */
export const ownRoles = (organisation: string): string => `array(
  select role.name from account_role join role on role.tenant_id = account_role.tenant_id and role.id = account_role.role_id
  where account_role.tenant_id = account.tenant_id and account_role.account_id = account.id
    and account_role.organisation_id is not distinct from ${organisation}
  order by role.name collate "C")`;

/** SQL: names of roles, of the tenant of "owner". */
export const roleNames = (owner: string, ids: string): string => `array(
  select role.name from role where role.tenant_id = ${owner}.tenant_id and role.id in ${ids} order by role.name collate "C")`;

/** SQL: what roles give, by the identifier of the resource server. */
export const permissionsOf = (owner: string, ids: string): string => `coalesce((
  select jsonb_object_agg(identifier, names) from (
    select server.identifier, jsonb_agg(distinct given.name) as names
    from role_permission given join resource_server server
      on server.tenant_id = given.tenant_id and server.id = given.resource_server_id
    where given.tenant_id = ${owner}.tenant_id and given.role_id in ${ids}
    group by server.identifier) as of_server), '{}')`;

/** SQL: the authority version of the tenant of "owner". */
export const authorityVersionOf = (owner: string): string =>
  `(select authority_version from tenant where tenant.id = ${owner}.tenant_id)`;
