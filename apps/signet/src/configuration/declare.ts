import {
  declareAccount,
  declareClient,
  declareGroup,
  declareOrganisation,
  declareResourceServer,
  declareRole,
  declareScope,
  declareTenant,
  issuerOf,
  standardScopes,
  type DeclaredTenant,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { FileTenant, SignetFile } from './schema.js';

/**
 * What the file declares, as the directory takes it: wire names become ours, secrets their hashes, sealed beside
 * them where a MAC needs them. Passwords stay behind.
 */
export function declaredTenants(file: SignetFile, base: string, keyring: Keyring): DeclaredTenant[] {
  return file.tenants.map((tenant) => declaredTenant(tenant, tenant.issuer ?? issuerOf(base, tenant.slug), keyring));
}

function declaredTenant(tenant: FileTenant, issuer: string, keyring: Keyring): DeclaredTenant {
  return {
    ...declareTenant(tenant, issuer),
    resourceServers: tenant.resource_servers.map(declareResourceServer),
    scopes: [
      ...standardScopes.filter(({ name }) => !tenant.scopes.some((scope) => scope.name === name)),
      ...tenant.scopes.map(declareScope),
    ],
    roles: tenant.roles.map(declareRole),
    organisations: tenant.organisations.map(declareOrganisation),
    groups: tenant.groups.map(declareGroup),
    clients: tenant.clients.map((client) => declareClient(client, issuer, keyring)),
    users: tenant.users.map(declareAccount),
  };
}
