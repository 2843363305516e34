import type { PrunableKind } from '@signet/contracts';

/** A kind of object that can be deleted while nothing refers to it, in SQL over rows `held`. */
export interface RemovableKind {
  readonly kind: 'client' | 'organisation' | 'group' | 'role' | 'scope' | 'resource-server';
  readonly table: string;
  readonly id: string;
  readonly type: 'text' | 'uuid';
  /** What its event tells of it, as JSON: nothing secret, nothing personal. */
  readonly view: string;
  /** Rows (kind, name) of what refers to it; an account by its id, which names nobody. Members are no references: they go with it. */
  readonly references: readonly string[];
  /** Some of them are Signet's own. */
  readonly hasBuiltIns?: true;
  /** Copied with the tenant's catalogue, under its version. */
  readonly inCatalogue?: true;
  /** Its members lose what it gave them. */
  readonly givesToMany?: true;
}

const clientsThat = (condition: string) =>
  `select 'client' as kind, client_id as name from client where client.tenant_id = held.tenant_id and ${condition}`;

const groupsThat = (from: string, condition: string) =>
  `select 'group', coalesce(organisation.name || '/', '') || "group".name from ${from}
    left join organisation on organisation.tenant_id = "group".tenant_id and organisation.id = "group".organisation_id
    where "group".tenant_id = held.tenant_id and ${condition}`;

export const removableKinds: Readonly<Record<PrunableKind, RemovableKind>> = {
  clients: {
    kind: 'client',
    table: 'client',
    id: 'client_id',
    type: 'text',
    view: `jsonb_build_object('name', held.name, 'enabled', held.enabled, 'redirectUris', held.redirect_uris, 'grantTypes', held.grant_types,
      'scopes', held.scopes, 'tokenEndpointAuthMethod', held.token_endpoint_auth_method)`,
    references: [],
  },
  organisations: {
    kind: 'organisation',
    table: 'organisation',
    id: 'id',
    type: 'uuid',
    view: `jsonb_build_object('name', held.name, 'displayName', held.display_name, 'enabled', held.enabled)`,
    references: [groupsThat('"group"', '"group".organisation_id = held.id')],
    givesToMany: true,
  },
  groups: {
    kind: 'group',
    table: '"group"',
    id: 'id',
    type: 'uuid',
    view: `jsonb_build_object('name', held.name, 'displayName', held.display_name)`,
    references: [],
    givesToMany: true,
  },
  roles: {
    kind: 'role',
    table: 'role',
    id: 'id',
    type: 'uuid',
    view: `jsonb_build_object('name', held.name, 'description', held.description)`,
    references: [
      groupsThat(
        'group_role given join "group" on "group".tenant_id = given.tenant_id and "group".id = given.group_id',
        'given.role_id = held.id',
      ),
      `select 'organisation', organisation.name from organisation_role given
        join organisation on organisation.tenant_id = given.tenant_id and organisation.id = given.organisation_id
        where given.tenant_id = held.tenant_id and given.role_id = held.id`,
      `select 'account', account_id::text from account_role given where given.tenant_id = held.tenant_id and given.role_id = held.id`,
      `select 'client', client_id from client_role given where given.tenant_id = held.tenant_id and given.role_id = held.id`,
    ],
    hasBuiltIns: true,
  },
  scopes: {
    kind: 'scope',
    table: 'scope',
    id: 'id',
    type: 'uuid',
    view: `jsonb_build_object('name', held.name, 'description', held.description, 'resourceServer', held.resource_server)`,
    references: [
      clientsThat('held.name = any(client.scopes)'),
      `select 'tenant', slug from tenant where tenant.id = held.tenant_id and tenant.policies #> '{registration,scopes}' ? held.name`,
    ],
    hasBuiltIns: true,
    inCatalogue: true,
  },
  resourceServers: {
    kind: 'resource-server',
    table: 'resource_server',
    id: 'id',
    type: 'uuid',
    view: `jsonb_build_object('identifier', held.identifier, 'name', held.name, 'accessTokenSigningAlg', held.access_token_signing_alg,
      'statusList', held.status_list)`,
    references: [
      `select 'scope', scope.name from scope where scope.tenant_id = held.tenant_id and scope.resource_server = held.identifier`,
      clientsThat('held.identifier = any(client.introspects)'),
      `select 'role', role.name from role_permission given join role on role.tenant_id = given.tenant_id and role.id = given.role_id
        where given.tenant_id = held.tenant_id and given.resource_server_id = held.id`,
    ],
    hasBuiltIns: true,
    inCatalogue: true,
  },
};
