import { sealToText, sha256Text, type Keyring } from '@signet/keys';
import { clientMetadataOf } from '@signet/protocol';
import { declaredSecretPlace } from '../../directory/client.js';
import type { DeclaredClient, DeclaredTenant, DeclaredUser } from '../../directory/configuration.js';
import type { RegistrationPolicy } from '../../directory/tenant.js';
import type { AccountObject } from './account-object.js';
import type {
  GroupObject,
  OrganisationObject,
  ResourceServerObject,
  RoleObject,
  ScopeObject,
} from './catalogue-objects.js';
import type { ClientObject } from './client-object.js';
import { retentionTimes } from './retention-times.js';
import type { TenantObject } from './tenant-object.js';

/** Scopes of OpenID Connect itself, which every tenant has (OpenID Connect Core sections 5.4 and 11). */
export const standardScopes: DeclaredTenant['scopes'] = [
  { name: 'openid', description: 'Know that it is you' },
  { name: 'profile', description: 'See your name and profile' },
  { name: 'email', description: 'See your email address' },
  { name: 'address', description: 'See your postal address' },
  { name: 'phone', description: 'See your phone number' },
  { name: 'offline_access', description: 'Stay connected while you are away' },
];

/** The issuer of a tenant that declares none: the base URL for `default`, `<base>/t/<slug>` otherwise. */
export function issuerOf(base: string, slug: string): string {
  return slug === 'default' ? base : `${base}/t/${slug}`;
}

/** The tenant itself, with nothing in it. `issuer` is the one that it has, or is to have. */
export function declareTenant(tenant: TenantObject, issuer: string): DeclaredTenant {
  const { slug, name, enabled, branding, policies, attributes } = tenant;
  return {
    ...{ slug, issuer, name, enabled, branding, attributes },
    policies: {
      session: sessionOf(policies),
      passwordChangeEndsSessions: policies.password_change_ends_sessions,
      accessToken: { lifetime: policies.access_token_seconds },
      refresh: { idle: policies.refresh_idle_seconds, absolute: policies.refresh_absolute_seconds },
      registration: registrationOf(tenant),
      keys: { rotateAfter: policies.key_rotation_days * 86_400 },
      deletedAccountGrace: policies.deleted_account_days * 86_400,
      ...(policies.audit_retention_days && { auditRetention: retentionTimes(policies.audit_retention_days, 86_400) }),
    },
    ...{ resourceServers: [], scopes: [], roles: [], organisations: [], groups: [], clients: [], users: [] },
  };
}

function sessionOf(policies: TenantObject['policies']): DeclaredTenant['policies']['session'] {
  const { remembered_session_idle_seconds: idle, remembered_session_absolute_seconds: absolute } = policies;
  return {
    idle: policies.session_idle_seconds,
    absolute: policies.session_absolute_seconds,
    ...(idle !== undefined && absolute !== undefined && { remembered: { idle, absolute } }),
  };
}

function registrationOf({ registration }: TenantObject): RegistrationPolicy {
  const { mode, allowed_redirect_hosts, allowed_grant_types, allowed_auth_methods, allowed_scopes } = registration;
  return {
    mode,
    ...(allowed_redirect_hosts && { redirectHosts: allowed_redirect_hosts }),
    ...(allowed_grant_types && { grantTypes: allowed_grant_types }),
    ...(allowed_auth_methods && { authMethods: allowed_auth_methods }),
    ...(allowed_scopes && { scopes: allowed_scopes }),
  };
}

export function declareResourceServer(server: ResourceServerObject): DeclaredTenant['resourceServers'][number] {
  const { access_token_signing_alg: accessTokenSigningAlg, status_list: statusList, ...members } = server;
  return { ...members, accessTokenSigningAlg, statusList };
}

export function declareScope({ name, description, resource_server }: ScopeObject): DeclaredTenant['scopes'][number] {
  return { name, description, ...(resource_server !== undefined && { resourceServer: resource_server }) };
}

export const declareRole = (role: RoleObject): DeclaredTenant['roles'][number] => role;

export function declareOrganisation(organisation: OrganisationObject): DeclaredTenant['organisations'][number] {
  const { display_name, ...members } = organisation;
  return { ...members, displayName: display_name ?? organisation.name };
}

export function declareGroup(group: GroupObject): DeclaredTenant['groups'][number] {
  const { display_name, organisation, ...members } = group;
  return {
    ...members,
    displayName: display_name ?? group.name,
    ...(organisation !== undefined && { organisation }),
  };
}

/** The secret becomes its hash, sealed beside it where a MAC needs it. `issuer` is the tenant's. */
export function declareClient(client: ClientObject, issuer: string, keyring: Keyring): DeclaredClient {
  const { client_id: clientId, client_secret: secret } = client;
  const isSealed = secret !== undefined && client.token_endpoint_auth_method === 'client_secret_jwt';
  return {
    ...clientMetadataOf(client, { name: clientId, scopes: ['openid'] }),
    clientId,
    requirePkce: client.require_pkce,
    consent: client.consent,
    profile: client.profile,
    introspects: client.introspects,
    roles: client.roles,
    enabled: client.enabled,
    secretHashes: secret === undefined ? [] : [sha256Text(secret)],
    ...(isSealed && {
      sealedSecrets: [sealToText(keyring, 'client', secret, declaredSecretPlace({ issuer, clientId }))],
    }),
  };
}

/** What stands beside the claims in an account. */
const ownMembers: ReadonlySet<string> = new Set([
  ...['username', 'password', 'enabled', 'attributes', 'groups', 'roles', 'organisations'],
]);

/** The password stays behind: it is authn's. */
export function declareAccount(account: AccountObject): DeclaredUser {
  const { username, enabled, attributes, groups, roles, organisations } = account;
  const given = Object.entries(account).filter(([name, value]) => !ownMembers.has(name) && value !== undefined);
  const claims = { preferred_username: username, ...Object.fromEntries(given) };
  return { username, enabled, claims, attributes, groups, roles, organisations };
}
