import type { DeclaredKind, DirectoryKind } from '@signet/contracts';

/** Where a kind of object is kept, in SQL over a row `held`. What is Signet's own is not among them. */
export interface StoredKind {
  /** As events name it. */
  readonly kind: DirectoryKind;
  readonly from: string;
  readonly id: string;
  /** By what a configuration names it; compared, where `name` is shown. */
  readonly key: string;
  readonly name: string;
  /** The object as `storedObjects` has it, in JSON. */
  readonly object: string;
  /** What no configuration declares is not like this. */
  readonly declarable: string;
  /** Differs where secrets do; JSON never tells them. */
  readonly secrets?: string;
}

/** SQL: the texts of `column`, as a JSON array. */
const list = (column: string, from: string) =>
  `(select coalesce(jsonb_agg(${column} order by ${column} collate "C"), '[]') from ${from})`;

/** SQL: names of the roles that rows of `table` give. */
const roles = (table: string, condition: string) =>
  list(
    'role.name',
    `${table} given join role on role.tenant_id = given.tenant_id and role.id = given.role_id
      where given.tenant_id = held.tenant_id and ${condition}`,
  );

/** SQL: a group as it is referred to, of a row of `alias` and of its organisation. */
const groupName = (alias: string) => `coalesce(organisation.name || '/', '') || ${alias}.name`;
const ofOrganisation = (alias: string) =>
  `left join organisation on organisation.tenant_id = ${alias}.tenant_id and organisation.id = ${alias}.organisation_id`;

/** By its own name. */
const named = (kind: DirectoryKind, from: string, key: string, object: string): StoredKind => ({
  ...{ kind, from: `${from} held`, id: 'held.id::text', key, name: key, object, declarable: 'true' },
});

export const storedKinds: Readonly<Record<DeclaredKind, StoredKind>> = {
  resourceServers: named(
    'resource-server',
    '(select * from resource_server where not built_in)',
    'held.identifier',
    `jsonb_build_object('identifier', held.identifier, 'name', held.name, 'accessTokenSigningAlg', held.access_token_signing_alg,
      'statusList', held.status_list, 'permissions', (select coalesce(jsonb_agg(jsonb_build_object('name', permission.name, 'description', permission.description)
          order by permission.name collate "C"), '[]')
        from permission where permission.tenant_id = held.tenant_id and permission.resource_server_id = held.id))`,
  ),
  scopes: named(
    'scope',
    '(select * from scope where not built_in)',
    'held.name',
    `jsonb_strip_nulls(jsonb_build_object('name', held.name, 'description', held.description, 'resourceServer', held.resource_server))`,
  ),
  roles: named(
    'role',
    '(select * from role where not built_in)',
    'held.name',
    `jsonb_build_object('name', held.name, 'description', held.description, 'permissions', (
      select coalesce(jsonb_object_agg(identifier, names), '{}') from (
        select server.identifier, jsonb_agg(given.name order by given.name collate "C") as names
        from role_permission given
        join resource_server server on server.tenant_id = given.tenant_id and server.id = given.resource_server_id
        where given.tenant_id = held.tenant_id and given.role_id = held.id group by server.identifier) as by_server))`,
  ),
  organisations: named(
    'organisation',
    'organisation',
    'held.name',
    `jsonb_build_object('name', held.name, 'displayName', held.display_name, 'enabled', held.enabled,
      'roles', ${roles('organisation_role', 'given.organisation_id = held.id')})`,
  ),
  groups: {
    ...named(
      'group',
      '"group"',
      groupName('held'),
      `jsonb_strip_nulls(jsonb_build_object('name', held.name, 'organisation', organisation.name, 'displayName', held.display_name,
        'roles', ${roles('group_role', 'given.group_id = held.id')},
        'groups', (select coalesce(jsonb_agg(name order by name collate "C"), '[]') from (
          select ${groupName('child')} as name
          from group_group nested join "group" child on child.tenant_id = nested.tenant_id and child.id = nested.child_id
          ${ofOrganisation('child')}
          where nested.tenant_id = held.tenant_id and nested.parent_id = held.id) as nested)))`,
    ),
    from: `"group" held ${ofOrganisation('held')}`,
  },
  clients: {
    kind: 'client',
    from: 'client held',
    id: 'held.client_id',
    key: 'held.client_id',
    name: 'held.client_id',
    object: `held.metadata || jsonb_strip_nulls(jsonb_build_object(
      'clientId', held.client_id, 'enabled', held.enabled, 'name', held.name, 'clientUri', held.client_uri,
      'redirectUris', held.redirect_uris, 'postLogoutRedirectUris', held.post_logout_redirect_uris, 'grantTypes', held.grant_types,
      'responseTypes', held.response_types, 'tokenEndpointAuthMethod', held.token_endpoint_auth_method,
      'requirePkce', held.require_pkce, 'scopes', held.scopes, 'idTokenSignedResponseAlg', held.id_token_signed_response_alg,
      'accessTokenAlg', held.access_token_alg, 'consent', held.consent, 'profile', held.profile,
      'defaultMaxAge', held.default_max_age, 'requireAuthTime', held.require_auth_time, 'introspects', held.introspects,
      'roles', ${roles('client_role', 'given.client_id = held.client_id')},
      'secrets', (select count(*) from client_secret secret
        where secret.tenant_id = held.tenant_id and secret.client_id = held.client_id)))`,
    declarable: `held.registration = 'operator'`,
    secrets: `(select encode(sha256(string_agg(secret.hash || (case when secret.sealed is null then 'h' else 's' end)::bytea, '' order by secret.hash)), 'hex')
      from client_secret secret where secret.tenant_id = held.tenant_id and secret.client_id = held.client_id)`,
  },
  users: {
    kind: 'account',
    from: `account_identifier identifier join account held
      on held.tenant_id = identifier.tenant_id and held.id = identifier.account_id and held.deleted_at is null and identifier.kind = 'username'`,
    id: 'held.id::text',
    key: 'identifier.identifier_key',
    name: 'held.username',
    object: `jsonb_build_object('username', held.username, 'enabled', held.status = 'active', 'claims', held.claims, 'attributes', held.attributes,
      'groups', (select coalesce(jsonb_agg(name order by name collate "C"), '[]') from (
        select ${groupName('"group"')} as name
        from membership join "group" on "group".tenant_id = membership.tenant_id and "group".id = membership.group_id
        ${ofOrganisation('"group"')}
        where membership.tenant_id = held.tenant_id and membership.account_id = held.id) as joined),
      'roles', ${roles('account_role', 'given.account_id = held.id and given.organisation_id is null')},
      'organisations', (select coalesce(jsonb_agg(jsonb_build_object('name', organisation.name, 'roles', ${roles(
        'account_role',
        'given.account_id = held.id and given.organisation_id = member.organisation_id',
      )}) order by organisation.name collate "C"), '[]')
        from organisation_member member
        join organisation on organisation.tenant_id = member.tenant_id and organisation.id = member.organisation_id
        where member.tenant_id = held.tenant_id and member.account_id = held.id))`,
    declarable: 'true',
  },
};
