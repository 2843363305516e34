import {
  declaredKind,
  groupName,
  identifierKey,
  type DeclaredKind,
  type DeclaredTenant,
  type PlanId,
  type TenantId,
} from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { storedKinds } from './stored-objects/stored-kinds.js';

/** By what a configuration names its objects, kind by kind. */
export const keysOf = (tenant: DeclaredTenant): Readonly<Record<DeclaredKind, readonly string[]>> => ({
  resourceServers: tenant.resourceServers.map(({ identifier }) => identifier),
  scopes: tenant.scopes.map(({ name }) => name),
  roles: tenant.roles.map(({ name }) => name),
  organisations: tenant.organisations.map(({ name }) => name),
  groups: tenant.groups.map(groupName),
  clients: tenant.clients.map(({ clientId }) => clientId),
  users: tenant.users.map(({ username }) => identifierKey(username)),
});

const kinds = declaredKind.options;

const objectsOf = kinds.map((kind, index) => {
  const held = storedKinds[kind];
  return `select '${held.kind}' as kind, ${held.id} as id, held.version from ${held.from}
    where held.tenant_id = $1 and ${held.key} = any($${index + 3}::text[])`;
});

/** Keeps which plan declared the tenant's objects last, and their versions then: a later one is by something else. */
export const keepDeclared = statement<{ tenantId: TenantId; planId: PlanId; keys: ReturnType<typeof keysOf> }, unknown>(
  {
    name: 'directory.configuration.keep-declared',
    text: `insert into declared_object (tenant_id, kind, id, version, plan_id)
    select $1, kind, id, version, $2 from (
      select 'tenant' as kind, id::text as id, version from tenant where id = $1
      union all ${objectsOf.join(' union all ')}) as object
    on conflict (tenant_id, kind, id) do update
      set version = excluded.version, plan_id = excluded.plan_id, applied_at = clock_timestamp()
      where declared_object.version <> excluded.version`,
    parameters: (p) => [p.tenantId, p.planId, ...kinds.map((kind) => p.keys[kind])],
    row: ignoredRow,
  },
);
