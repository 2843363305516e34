import { isDeepStrictEqual } from 'node:util';
import {
  groupName,
  issuerOf,
  showAccount,
  showClient,
  showGroup,
  showOrganisation,
  showResourceServer,
  showRole,
  showScope,
  showTenant,
  storedObjects,
  type DeclaredKind,
  type StoredTenantMembers,
} from '@signet/contracts';
import { clientMetadataOf, wireMetadataOf } from '@signet/protocol';
import { signetFile, type FileTenant } from './schema.js';

/** An object as signet.yaml has it. */
export type FileObject = Readonly<Record<string, unknown>>;

/** Where a tenant of the file has each kind. */
export const fileMembers = {
  resourceServers: 'resource_servers',
  scopes: 'scopes',
  roles: 'roles',
  organisations: 'organisations',
  groups: 'groups',
  clients: 'clients',
  users: 'users',
} as const satisfies Readonly<Record<DeclaredKind, keyof FileTenant>>;

/** By which member an object is told from others of its kind. */
const namingMembers: Readonly<Record<DeclaredKind, string>> = {
  resourceServers: 'identifier',
  scopes: 'name',
  roles: 'name',
  organisations: 'name',
  groups: 'name',
  clients: 'client_id',
  users: 'username',
};

/** An object of the directory as the file would declare it, secrets and passwords apart. Throws where it is none of that kind. */
export function fileObjectOf(kind: DeclaredKind, stored: unknown): FileObject {
  switch (kind) {
    case 'resourceServers':
      return { ...showResourceServer(storedObjects.resourceServers.element.parse(stored)) };
    case 'scopes':
      return { ...showScope(storedObjects.scopes.element.parse(stored)) };
    case 'roles':
      return { ...showRole(storedObjects.roles.element.parse(stored)) };
    case 'organisations':
      return { ...showOrganisation(storedObjects.organisations.element.parse(stored)) };
    case 'groups':
      return { ...showGroup(storedObjects.groups.element.parse(stored)) };
    case 'clients':
      return showClient(storedObjects.clients.element.parse(stored));
    case 'users':
      return { ...showAccount(storedObjects.users.element.parse(stored)) };
  }
}

/** `base`: the issuer of the default tenant, by which the others need not be told. */
export function fileTenant(stored: StoredTenantMembers, base: string): FileObject {
  const { issuer, ...tenant } = showTenant(stored);
  return { ...tenant, ...(issuer !== issuerOf(base, tenant.slug) && { issuer }) };
}

/** By what an object of the file is told from others of its kind. */
export function nameOf(kind: DeclaredKind, object: FileObject): string {
  const { organisation } = object;
  const name = String(object[namingMembers[kind]]);
  return kind === 'groups' ? groupName({ name, ...(typeof organisation === 'string' && { organisation }) }) : name;
}

/** What the schema fills in for an object that says this much. */
function filledIn(kind: Exclude<DeclaredKind, 'clients'>, least: FileObject): FileObject {
  const file = signetFile.parse({ tenants: [{ slug: 'any', name: 'any', [fileMembers[kind]]: [least] }] });
  return file.tenants[0]?.[fileMembers[kind]][0] ?? {};
}

const clientDefaults = {
  ...{ require_pkce: false, consent: 'explicit', profile: 'oidc', introspects: [], roles: [], enabled: true },
};

const defaults: Readonly<Record<DeclaredKind, (object: FileObject) => FileObject>> = {
  resourceServers: ({ identifier }) => filledIn('resourceServers', { identifier, name: 'any' }),
  scopes: () => ({}),
  roles: ({ name }) => filledIn('roles', { name }),
  organisations: ({ name }) => ({ ...filledIn('organisations', { name }), display_name: name }),
  groups: ({ name }) => ({ ...filledIn('groups', { name }), display_name: name }),
  clients: ({ client_id: clientId, grant_types: grantTypes }) => ({
    ...wireMetadataOf(
      clientMetadataOf(Array.isArray(grantTypes) ? { grant_types: grantTypes } : {}, {
        ...{ name: String(clientId), scopes: ['openid'] },
      }),
    ),
    grant_types: ['authorization_code'],
    ...clientDefaults,
  }),
  users: () => filledIn('users', { username: 'any' }),
};

/** The object without what goes without saying. */
export function terse(kind: DeclaredKind, object: FileObject): FileObject {
  return without(object, defaults[kind](object), [namingMembers[kind], 'name', 'description']);
}

export function terseTenant(tenant: FileObject): FileObject {
  const [plain] = signetFile.parse({ tenants: [{ slug: 'any', name: 'any' }] }).tenants;
  const inner = Object.fromEntries(
    (['policies', 'registration'] as const).flatMap((name) => {
      const told = without(tenant[name] as FileObject, plain?.[name] ?? {}, []);
      return Object.keys(told).length > 0 ? [[name, told]] : [];
    }),
  );
  const own = less(tenant, ['policies', 'registration']);
  return { ...without(own, plain ?? {}, ['slug', 'name']), ...inner };
}

const less = (object: object, names: readonly string[]): FileObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

const without = (object: FileObject, defaultsOf: FileObject, kept: readonly string[]): FileObject =>
  Object.fromEntries(
    Object.entries(object).filter(
      ([name, value]) => kept.includes(name) || !(name in defaultsOf) || !isDeepStrictEqual(value, defaultsOf[name]),
    ),
  );
