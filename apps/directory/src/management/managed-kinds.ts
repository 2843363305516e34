import type { DeclaredKind } from '@signet/contracts';
import { storedKinds } from '../configuration/stored-objects/stored-kinds.js';

export type ManagedKind = DeclaredKind | 'tenants';

/** SQL of a condition over a row `held`, whose value is the parameter `$n`. */
type Condition = (parameter: string) => string;

/** Where a collection's objects are, in SQL over rows `held`. */
export interface ManagedObjects {
  readonly from: string;
  /** Of the key that lists are ordered by: with the tenant the table's primary key. */
  readonly id: string;
  readonly idType: 'uuid' | 'text';
  readonly ofTenant: string;
  readonly object: string;
  readonly builtIn: string;
  /** By name; each has an index. `reach` is that of a caller who administers organisations alone. */
  readonly conditions: Readonly<Record<string, Condition>>;
}

const named = (kind: DeclaredKind, table: string, conditions: ManagedObjects['conditions']): ManagedObjects => ({
  ...{ from: `${table} held`, id: 'held.id', idType: 'uuid', ofTenant: 'held.tenant_id = $1', conditions },
  ...{ object: storedKinds[kind].object, builtIn: 'false' },
});

const isMember = (organisation: string) => `exists (select from organisation_member member
  where member.tenant_id = held.tenant_id and member.account_id = held.id and ${organisation})`;

export const managedKinds: Readonly<Record<ManagedKind, ManagedObjects>> = {
  tenants: {
    ...{ from: 'tenant held', id: 'held.id', idType: 'uuid', builtIn: 'false' },
    // The plane's own: whoever may ask for one may ask for all.
    ofTenant: '$1::uuid is not null',
    object: `jsonb_build_object('slug', held.slug, 'issuer', held.issuer, 'name', held.name, 'enabled', held.enabled,
      'policies', held.policies, 'branding', held.branding, 'attributes', held.attributes)`,
    conditions: { slug: (p) => `held.slug = ${p}::text` },
  },
  resourceServers: {
    ...named('resourceServers', 'resource_server', { identifier: (p) => `held.identifier = ${p}::text` }),
    builtIn: 'held.built_in',
  },
  scopes: {
    ...named('scopes', 'scope', {
      name: (p) => `held.name = ${p}::text`,
      resource_server: (p) => `held.resource_server = ${p}::text`,
    }),
    builtIn: 'held.built_in',
  },
  roles: { ...named('roles', 'role', { name: (p) => `held.name = ${p}::text` }), builtIn: 'held.built_in' },
  organisations: named('organisations', 'organisation', {
    name: (p) => `held.name = ${p}::text`,
    reach: (p) => `held.id = any(${p}::uuid[])`,
  }),
  groups: {
    ...named('groups', '"group"', {
      name: (p) => `held.name = ${p}::text`,
      organisation: (p) => `held.organisation_id = ${p}::uuid`,
      of_tenant: (p) => `(held.organisation_id is null) = ${p}::boolean`,
      reach: (p) => `held.organisation_id = any(${p}::uuid[])`,
    }),
    from: storedKinds.groups.from,
  },
  clients: {
    ...named('clients', 'client', {}),
    ...{ id: 'held.client_id', idType: 'text' },
    object: `${storedKinds.clients.object} || jsonb_strip_nulls(jsonb_build_object('registration', held.registration))`,
  },
  users: {
    ...named('users', 'account', {
      username: (p) => `held.id = (select account_id from account_identifier identifier
        where identifier.tenant_id = $1 and identifier.identifier_key = ${p}::text)`,
      email: (p) =>
        `account_email_keys(held.tenant_id, held.claims, held.attributes) @> array[$1::text || ' ' || lower(${p}::text)]`,
      enabled: (p) => `held.status = case when ${p}::boolean then 'active' else 'disabled' end`,
      group: (p) => `exists (select from membership
        where membership.tenant_id = held.tenant_id and membership.account_id = held.id and membership.group_id = ${p}::uuid)`,
      organisation: (p) => isMember(`member.organisation_id = ${p}::uuid`),
      // Whoever also belongs elsewhere is not theirs alone.
      reach: (p) =>
        `${isMember(`member.organisation_id = any(${p}::uuid[])`)} and not ${isMember(`member.organisation_id <> all(${p}::uuid[])`)}`,
    }),
    ofTenant: 'held.tenant_id = $1 and held.deleted_at is null',
  },
};
