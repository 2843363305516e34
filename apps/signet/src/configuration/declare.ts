import type { DeclaredClient, DeclaredTenant } from '@signet/contracts';
import { sha256Text } from '@signet/keys';
import type { FileClient, FileTenant, SignetFile } from './schema.js';

/** Scopes of OpenID Connect itself, which every tenant has (OpenID Connect Core sections 5.4 and 11). */
const standardScopes: DeclaredTenant['scopes'] = [
  { name: 'openid', description: 'Know that it is you' },
  { name: 'profile', description: 'See your name and profile' },
  { name: 'email', description: 'See your email address' },
  { name: 'offline_access', description: 'Stay connected while you are away' },
];

/** What the file declares, as the directory takes it: wire names become ours, secrets their hashes. Passwords stay behind. */
export function declaredTenants(file: SignetFile, issuer: string): DeclaredTenant[] {
  return file.tenants.map((tenant) => ({
    slug: tenant.slug,
    issuer: tenant.issuer ?? issuerOf(issuer, tenant.slug),
    name: tenant.name,
    enabled: tenant.enabled,
    branding: tenant.branding,
    policies: {
      session: { idle: tenant.policies.session_idle_seconds, absolute: tenant.policies.session_absolute_seconds },
      accessToken: { lifetime: tenant.policies.access_token_seconds },
      refresh: { idle: tenant.policies.refresh_idle_seconds, absolute: tenant.policies.refresh_absolute_seconds },
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
    clients: tenant.clients.map(declaredClient),
    users: tenant.users.map(declaredUser),
  }));
}

/** The issuer of a tenant that declares none: the base URL for `default`, `<base>/t/<slug>` otherwise. */
export function issuerOf(base: string, slug: string): string {
  return slug === 'default' ? base : `${base}/t/${slug}`;
}

function declaredClient(client: FileClient): DeclaredClient {
  const usesCode = client.grant_types.includes('authorization_code');
  return {
    clientId: client.client_id,
    name: client.client_name ?? client.client_id,
    ...(client.client_uri !== undefined && { clientUri: client.client_uri }),
    redirectUris: client.redirect_uris,
    postLogoutRedirectUris: client.post_logout_redirect_uris,
    grantTypes: client.grant_types,
    responseTypes: client.response_types ?? (usesCode ? ['code'] : []),
    tokenEndpointAuthMethod: client.token_endpoint_auth_method,
    requirePkce: client.require_pkce,
    scopes: client.scope.split(' ').filter((scope) => scope !== ''),
    idTokenSignedResponseAlg: client.id_token_signed_response_alg,
    consent: client.consent,
    profile: 'oidc',
    ...(client.default_max_age !== undefined && { defaultMaxAge: client.default_max_age }),
    requireAuthTime: client.require_auth_time,
    introspects: client.introspects,
    enabled: client.enabled,
    secretHashes: client.client_secret === undefined ? [] : [sha256Text(client.client_secret)],
  };
}

function declaredUser(user: FileTenant['users'][number]): DeclaredTenant['users'][number] {
  const { username, enabled, groups, roles, name, given_name, family_name, email, email_verified, locale, zoneinfo } =
    user;
  const given = { name, given_name, family_name, email, email_verified, locale, zoneinfo };
  const claims = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { username, enabled, groups, roles, claims: { preferred_username: username, ...claims } };
}
