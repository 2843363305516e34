import { groupName, type DeclaredTenant } from '@signet/contracts';
import { below, type Fault } from './fault.js';

/** Names that a tenant has, whether this configuration declares them or an earlier one did. */
export interface KnownNames {
  readonly scopes: ReadonlySet<string>;
  readonly resourceServers: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly organisations: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** By `permissionKey`. */
  readonly permissions: ReadonlySet<string>;
}

export const permissionKey = (resourceServer: string, name: string): string => `${resourceServer} ${name}`;

/** The names in `tenant` and those in `stored`. */
export function namesOf(tenant: DeclaredTenant, stored: KnownNames): KnownNames {
  const names = (list: readonly { name: string }[], known: ReadonlySet<string>) =>
    new Set([...known, ...list.map(({ name }) => name)]);
  return {
    scopes: names(tenant.scopes, stored.scopes),
    resourceServers: new Set([...stored.resourceServers, ...tenant.resourceServers.map((server) => server.identifier)]),
    roles: names(tenant.roles, stored.roles),
    organisations: names(tenant.organisations, stored.organisations),
    groups: new Set([...stored.groups, ...tenant.groups.map(groupName)]),
    permissions: new Set([
      ...stored.permissions,
      ...tenant.resourceServers.flatMap(({ identifier, permissions }) =>
        permissions.map(({ name }) => permissionKey(identifier, name)),
      ),
    ]),
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
    ...tenant.roles.flatMap(({ name, permissions }) =>
      Object.entries(permissions).flatMap(([server, names]) =>
        below(
          ['roles', name, 'permissions', server],
          names.flatMap((permission, index) =>
            known.permissions.has(permissionKey(server, permission))
              ? []
              : [{ path: [index], message: `there is no permission ${permission}` }],
          ),
        ),
      ),
    ),
    ...tenant.organisations.flatMap(({ name, roles }) =>
      below(['organisations', name], missing('roles', 'role', roles, known.roles)),
    ),
    ...tenant.groups.flatMap((group) =>
      below(
        ['groups', groupName(group)],
        [
          ...missing('organisation', 'organisation', [group.organisation ?? []].flat(), known.organisations),
          ...missing('roles', 'role', group.roles, known.roles),
          ...missing('groups', 'group', group.groups, known.groups),
          ...foreignGroups(group.groups, (organisation) => organisation === group.organisation),
        ],
      ),
    ),
    ...tenant.clients.flatMap(({ clientId, scopes, introspects, roles }) =>
      below(
        ['clients', clientId],
        [
          ...missing('scopes', 'scope', scopes, known.scopes),
          ...missing('introspects', 'resource server', introspects, known.resourceServers),
          ...missing('roles', 'role', roles, known.roles),
        ],
      ),
    ),
    ...tenant.users.flatMap(({ username, groups, roles, organisations }) =>
      below(
        ['users', username],
        [
          ...missing('groups', 'group', groups, known.groups),
          ...missing('roles', 'role', roles, known.roles),
          ...missing(
            'organisations',
            'organisation',
            organisations.map(({ name }) => name),
            known.organisations,
          ),
          ...organisations.flatMap((one, index) =>
            below(['organisations', index], missing('roles', 'role', one.roles, known.roles)),
          ),
          ...foreignGroups(
            groups,
            (organisation) => organisation === undefined || organisations.some(({ name }) => name === organisation),
          ),
        ],
      ),
    ),
  ];
}

/** Groups of an organisation that whoever is put into them has no part in. */
function foreignGroups(groups: readonly string[], hasPart: (organisation: string | undefined) => boolean): Fault[] {
  return groups.flatMap((name, index) => {
    const [organisation] = name.includes('/') ? name.split('/') : [undefined];
    return hasPart(organisation) ? [] : [{ path: ['groups', index], message: `${name} is of another organisation` }];
  });
}
