import {
  declaredSecretPlace,
  type DeclaredClient,
  type DeclaredTenant,
  type RegistrationPolicy,
} from '@signet/contracts';
import { sealToText, sha256Text, type Keyring } from '@signet/keys';
import { clientMetadataOf } from '@signet/protocol';
import type { FileClient, FileTenant, SignetFile } from './schema.js';

/** Scopes of OpenID Connect itself, which every tenant has (OpenID Connect Core sections 5.4 and 11). */
const standardScopes: DeclaredTenant['scopes'] = [
  { name: 'openid', description: 'Know that it is you' },
  { name: 'profile', description: 'See your name and profile' },
  { name: 'email', description: 'See your email address' },
  { name: 'address', description: 'See your postal address' },
  { name: 'phone', description: 'See your phone number' },
  { name: 'offline_access', description: 'Stay connected while you are away' },
];

/**
 * What the file declares, as the directory takes it: wire names become ours, secrets their hashes, sealed beside
 * them where a MAC needs them. Passwords stay behind.
 */
export function declaredTenants(file: SignetFile, base: string, keyring: Keyring): DeclaredTenant[] {
  return file.tenants.map((tenant) => declaredTenant(tenant, tenant.issuer ?? issuerOf(base, tenant.slug), keyring));
}

function declaredTenant(tenant: FileTenant, issuer: string, keyring: Keyring): DeclaredTenant {
  return {
    slug: tenant.slug,
    issuer,
    name: tenant.name,
    enabled: tenant.enabled,
    branding: tenant.branding,
    policies: {
      session: { idle: tenant.policies.session_idle_seconds, absolute: tenant.policies.session_absolute_seconds },
      accessToken: { lifetime: tenant.policies.access_token_seconds },
      refresh: { idle: tenant.policies.refresh_idle_seconds, absolute: tenant.policies.refresh_absolute_seconds },
      registration: registrationOf(tenant),
      keys: { rotateAfter: tenant.policies.key_rotation_days * 86_400 },
    },
    resourceServers: tenant.resource_servers.map(({ access_token_signing_alg, ...server }) => ({
      ...server,
      accessTokenSigningAlg: access_token_signing_alg,
    })),
    scopes: [
      ...standardScopes.filter(({ name }) => !tenant.scopes.some((scope) => scope.name === name)),
      ...tenant.scopes.map(({ name, description, resource_server }) => ({
        name,
        description,
        ...(resource_server !== undefined && { resourceServer: resource_server }),
      })),
    ],
    roles: tenant.roles,
    groups: tenant.groups.map((group) => ({
      name: group.name,
      displayName: group.display_name ?? group.name,
      roles: group.roles,
    })),
    clients: tenant.clients.map((client) => declaredClient(client, issuer, keyring)),
    users: tenant.users.map(declaredUser),
  };
}

function registrationOf({ registration }: FileTenant): RegistrationPolicy {
  const { mode, allowed_redirect_hosts, allowed_grant_types, allowed_auth_methods, allowed_scopes } = registration;
  return {
    mode,
    ...(allowed_redirect_hosts && { redirectHosts: allowed_redirect_hosts }),
    ...(allowed_grant_types && { grantTypes: allowed_grant_types }),
    ...(allowed_auth_methods && { authMethods: allowed_auth_methods }),
    ...(allowed_scopes && { scopes: allowed_scopes }),
  };
}

/** The issuer of a tenant that declares none: the base URL for `default`, `<base>/t/<slug>` otherwise. */
export function issuerOf(base: string, slug: string): string {
  return slug === 'default' ? base : `${base}/t/${slug}`;
}

function declaredClient(client: FileClient, issuer: string, keyring: Keyring): DeclaredClient {
  const { client_id: clientId, client_secret: secret } = client;
  const isSealed = secret !== undefined && client.token_endpoint_auth_method === 'client_secret_jwt';
  return {
    ...clientMetadataOf(client, { name: clientId, scopes: ['openid'] }),
    clientId,
    requirePkce: client.require_pkce,
    consent: client.consent,
    profile: client.profile,
    introspects: client.introspects,
    enabled: client.enabled,
    secretHashes: secret === undefined ? [] : [sha256Text(secret)],
    ...(isSealed && {
      sealedSecrets: [sealToText(keyring, 'client', secret, declaredSecretPlace({ issuer, clientId }))],
    }),
  };
}

/** What stands beside the claims in a user. */
const ownMembers: ReadonlySet<string> = new Set(['username', 'password', 'enabled', 'groups', 'roles']);

function declaredUser(user: FileTenant['users'][number]): DeclaredTenant['users'][number] {
  const { username, enabled, groups, roles } = user;
  const given = Object.entries(user).filter(([name, value]) => !ownMembers.has(name) && value !== undefined);
  return { username, enabled, groups, roles, claims: { preferred_username: username, ...Object.fromEntries(given) } };
}
