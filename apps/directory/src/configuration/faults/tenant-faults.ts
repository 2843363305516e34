import { groupName, identifierKey, reservedPrefix, type DeclaredTenant, type DeclaredUser } from '@signet/contracts';
import { redirectUriFault } from '@signet/protocol';
import type { ClientRules } from '../../clients/faults/client-check.js';
import { clientFaults } from '../../clients/faults/client-faults.js';
import { below, repeated, type Fault } from './fault.js';
import { definitionFaults } from '../../accounts/attribute-faults.js';
import { textFaults } from './text-faults.js';

/** OpenID Connect Discovery 1.0 section 3: https, no query, no fragment; http for loopback is for development. */
function issuerFaults(issuer: string): Fault[] {
  const fault = (message: string): Fault[] => [{ path: ['issuer'], message }];
  const web = /^https?:/.test(issuer) ? redirectUriFault(issuer) : 'is not an https URL';
  if (web !== undefined) return fault(web);
  const { href, search } = new URL(issuer);
  if (search !== '' || issuer.includes('?')) return fault('has a query');
  // Compared character by character by everybody, so there is one way to write it.
  return href === issuer || href === `${issuer}/`
    ? noSlash(issuer)
    : fault(`must be written ${href.replace(/\/$/, '')}`);
}

const noSlash = (issuer: string): Fault[] =>
  issuer.endsWith('/') ? [{ path: ['issuer'], message: 'ends in a slash' }] : [];

function policyFaults({ session, refresh }: DeclaredTenant['policies']): Fault[] {
  const { remembered } = session;
  const lifetimes = { session, ...(remembered && { remembered_session: remembered }), refresh };
  return Object.entries(lifetimes).flatMap(([name, { idle, absolute }]) =>
    idle > absolute ? [{ path: ['policies', name, 'idle'], message: 'is longer than the absolute lifetime' }] : [],
  );
}

/** RFC 8707 section 2: absolute, no fragment. The tenant's issuer is the audience of its own endpoints, and of nobody else. */
function resourceServerFaults({ issuer, resourceServers }: DeclaredTenant): Fault[] {
  return resourceServers.flatMap(({ identifier }) => [
    ...(identifier.includes('#') ? [{ path: ['resourceServers', identifier], message: 'has a fragment' }] : []),
    ...(identifier.length > 1_024
      ? [{ path: ['resourceServers', identifier.slice(0, 100)], message: 'is too long' }]
      : []),
    ...(identifier === issuer ? [{ path: ['resourceServers', identifier], message: "is the tenant's issuer" }] : []),
  ]);
}

function userFaults({ username }: DeclaredUser): Fault[] {
  if (identifierKey(username) === '') return [{ path: ['username'], message: 'shows nothing' }];
  if (username !== username.trim() || /\p{Cc}/u.test(username)) {
    return [{ path: ['username'], message: 'begins or ends with space, or has control characters' }];
  }
  return [];
}

/** What Signet itself has in every tenant is made with it, and never declared. */
function reservedNames({ scopes, roles, resourceServers }: DeclaredTenant): Fault[] {
  const reserved = (member: string, names: readonly string[], prefix: string): Fault[] =>
    names.flatMap((name) =>
      name.startsWith(prefix) ? [{ path: [member, name], message: `${prefix}… is Signet's own` }] : [],
    );
  const namesOf = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name);
  return [
    ...reserved('scopes', namesOf(scopes), reservedPrefix),
    ...reserved('roles', namesOf(roles), reservedPrefix),
    ...reserved(
      'resourceServers',
      resourceServers.map(({ identifier }) => identifier),
      `urn:${reservedPrefix}`,
    ),
  ];
}

/** What is wrong with a declared tenant in itself, and with each object in it. Does not check what they refer to. */
export function tenantFaults(tenant: DeclaredTenant, rules: ClientRules): Fault[] {
  const { clients, users, scopes, resourceServers, roles, organisations, groups, ...own } = tenant;
  return [
    ...textFaults(own),
    ...[scopes, resourceServers, roles, organisations, groups].flatMap((list) => textFaults(list)),
    ...issuerFaults(tenant.issuer),
    ...policyFaults(tenant.policies),
    ...resourceServerFaults(tenant),
    ...repeated(scopes, 'scopes', ({ name }) => name),
    ...repeated(resourceServers, 'resourceServers', ({ identifier }) => identifier),
    ...repeated(roles, 'roles', ({ name }) => name),
    ...repeated(organisations, 'organisations', ({ name }) => name),
    ...repeated(groups, 'groups', groupName),
    ...repeated(tenant.attributes, 'attributes', ({ name }) => name),
    ...resourceServers.flatMap(({ identifier, permissions }) =>
      below(
        ['resourceServers', identifier],
        repeated(permissions, 'permissions', ({ name }) => name),
      ),
    ),
    ...definitionFaults(tenant.attributes),
    ...reservedNames(tenant),
    ...repeated(clients, 'clients', ({ clientId }) => clientId),
    ...repeated(users, 'users', ({ username }) => identifierKey(username)),
    ...clients.flatMap((client) =>
      below(['clients', client.clientId], [...textFaults(client), ...clientFaults(client, rules)]),
    ),
    ...users.flatMap((user) => below(['users', user.username], [...textFaults(user), ...userFaults(user)])),
  ];
}
