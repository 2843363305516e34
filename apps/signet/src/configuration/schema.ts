import {
  accountObject,
  clientObject,
  groupName,
  groupObject,
  identifierKey,
  organisationObject,
  resourceServerObject,
  roleObject,
  scopeObject,
  tenantMembers,
} from '@signet/contracts';
import { z } from 'zod';

const tenant = z.strictObject({
  ...tenantMembers,
  resource_servers: z.array(resourceServerObject).default([]),
  scopes: z.array(scopeObject).default([]),
  roles: z.array(roleObject).default([]),
  organisations: z.array(organisationObject).default([]),
  groups: z.array(groupObject).default([]),
  clients: z.array(clientObject).default([]),
  users: z.array(accountObject).default([]),
});

/** signet.yaml: RFC 7591 and OpenID Connect names, as on the wire. */
export const signetFile = z.strictObject({ tenants: z.array(tenant).min(1) }).superRefine(({ tenants }, context) => {
  const unique = (path: (string | number)[], values: readonly string[], what: string) => {
    for (const [index, value] of values.entries()) {
      if (values.indexOf(value) < index) {
        context.addIssue({ code: 'custom', path: [...path, index], message: `${what} ${value} stands here twice` });
      }
    }
  };
  unique(
    ['tenants'],
    tenants.map((each) => each.slug),
    'tenant',
  );
  for (const [index, each] of tenants.entries()) {
    const at = ['tenants', index];
    unique(
      [...at, 'clients'],
      each.clients.map((client) => client.client_id),
      'client',
    );
    unique(
      [...at, 'users'],
      each.users.map((user) => identifierKey(user.username)),
      'user',
    );
    unique(
      [...at, 'scopes'],
      each.scopes.map((scope) => scope.name),
      'scope',
    );
    unique(
      [...at, 'organisations'],
      each.organisations.map((organisation) => organisation.name),
      'organisation',
    );
    unique(
      [...at, 'groups'],
      each.groups.map((group) => groupName(group)),
      'group',
    );
    unique(
      [...at, 'roles'],
      each.roles.map((role) => role.name),
      'role',
    );
    unique(
      [...at, 'resource_servers'],
      each.resource_servers.map((server) => server.identifier),
      'resource server',
    );
  }
});

export type SignetFile = z.infer<typeof signetFile>;
export type FileTenant = SignetFile['tenants'][number];
