import type { DeclaredTenant } from '@signet/contracts';
import { below, type Fault } from './fault.js';

/** Names that a tenant has, whether this configuration declares them or an earlier one did. */
export interface KnownNames {
  readonly scopes: ReadonlySet<string>;
  readonly resourceServers: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** The names in `tenant` and those in `stored`. */
export function namesOf(tenant: DeclaredTenant, stored: KnownNames): KnownNames {
  const names = (list: readonly { name: string }[], known: ReadonlySet<string>) =>
    new Set([...known, ...list.map(({ name }) => name)]);
  return {
    scopes: names(tenant.scopes, stored.scopes),
    resourceServers: new Set([...stored.resourceServers, ...tenant.resourceServers.map((server) => server.identifier)]),
    roles: names(tenant.roles, stored.roles),
    groups: names(tenant.groups, stored.groups),
  };
}

/** Every reference of the tenant's objects to something that it does not have. */
export function referenceFaults(tenant: DeclaredTenant, known: KnownNames): Fault[] {
  const missing = (member: string, kind: string, names: readonly string[], has: ReadonlySet<string>): Fault[] =>
    names.flatMap((name, index) =>
      has.has(name) ? [] : [{ path: [member, index], message: `there is no ${kind} ${name.slice(0, 200)}` }],
    );
  return [
    ...tenant.scopes.flatMap(({ name, resourceServer }) =>
      resourceServer === undefined || known.resourceServers.has(resourceServer)
        ? []
        : [{ path: ['scopes', name, 'resourceServer'], message: `there is no resource server ${resourceServer}` }],
    ),
    ...tenant.groups.flatMap(({ name, roles }) =>
      below(['groups', name], missing('roles', 'role', roles, known.roles)),
    ),
    ...tenant.clients.flatMap(({ clientId, scopes, introspects }) =>
      below(
        ['clients', clientId],
        [
          ...missing('scopes', 'scope', scopes, known.scopes),
          ...missing('introspects', 'resource server', introspects, known.resourceServers),
        ],
      ),
    ),
    ...tenant.users.flatMap(({ username, groups, roles }) =>
      below(
        ['users', username],
        [...missing('groups', 'group', groups, known.groups), ...missing('roles', 'role', roles, known.roles)],
      ),
    ),
  ];
}
