/** The resource server that the Management API is, in every tenant: what `aud` of its access tokens has. */
export const managementResource = 'urn:signet:management';

/** Its scopes: what a client asks for so that it may administer at all. */
export const managementScopes = { admin: 'signet:admin', scim: 'signet:scim' } as const;
export type ManagementScope = (typeof managementScopes)[keyof typeof managementScopes];

/** What `/admin/v1` has, each with a permission to read and one to write. */
export const collections = [
  'tenants',
  'organisations',
  'accounts',
  'groups',
  'roles',
  'resource-servers',
  'scopes',
  'clients',
  'credentials',
  'keys',
  'grants',
  'sessions',
  'events',
  'webhooks',
] as const;
export type Collection = (typeof collections)[number];

/** What a role can give at the management resource server: whoever calls must hold it, beside the scope in the token. */
export type ManagementPermission = `${Collection | 'scim'}:${'read' | 'write'}`;

export const managementPermissions: readonly ManagementPermission[] = [...collections, 'scim' as const].flatMap(
  (name): ManagementPermission[] => [`${name}:read`, `${name}:write`],
);

const known: ReadonlySet<string> = new Set(managementPermissions);
export const isManagementPermission = (name: string): name is ManagementPermission => known.has(name);

export interface BuiltInRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly ManagementPermission[];
}

/** Roles that every tenant has from its beginning, and that nobody changes. */
export const builtInRoles: readonly BuiltInRole[] = [
  {
    name: 'signet:administrator',
    description: 'May read and change everything of the tenant',
    permissions: managementPermissions,
  },
  {
    name: 'signet:auditor',
    description: 'May read everything of the tenant',
    permissions: managementPermissions.filter((name) => name.endsWith(':read')),
  },
  {
    name: 'signet:provisioner',
    description: 'May provision accounts and groups by SCIM',
    permissions: ['scim:read', 'scim:write'],
  },
];
