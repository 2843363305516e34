import { wireMetadataOf } from '@signet/protocol';
import type { z } from 'zod';
import type { StoredObjects, StoredTenantMembers } from '../../directory/planning.js';
import { deletedAccountGrace } from '../../directory/tenant.js';
import { retentionTimes } from './retention-times.js';
import type { accountObject } from './account-object.js';
import type {
  groupObject,
  organisationObject,
  resourceServerObject,
  roleObject,
  scopeObject,
} from './catalogue-objects.js';
import type { tenantObject } from './tenant-object.js';

// The way back from declare.ts: what the directory has, as an administrator would write it. Secrets and passwords are not in it.

type Stored<K extends keyof StoredObjects> = StoredObjects[K][number];

/** `open_to_everybody` is said wherever it holds; the directory does not keep who had to say it. */
export function showTenant({ policies, ...tenant }: StoredTenantMembers): z.input<typeof tenantObject> {
  const { slug, name, issuer, enabled, branding, attributes } = tenant;
  const { remembered } = policies.session;
  const { mode = 'closed', redirectHosts, grantTypes, authMethods, scopes } = policies.registration ?? {};
  return {
    ...{ slug, name, issuer, enabled, branding, attributes },
    policies: {
      session_idle_seconds: policies.session.idle,
      session_absolute_seconds: policies.session.absolute,
      ...(remembered && {
        remembered_session_idle_seconds: remembered.idle,
        remembered_session_absolute_seconds: remembered.absolute,
      }),
      password_change_ends_sessions: policies.passwordChangeEndsSessions ?? true,
      access_token_seconds: policies.accessToken.lifetime,
      refresh_idle_seconds: policies.refresh.idle,
      refresh_absolute_seconds: policies.refresh.absolute,
      key_rotation_days: policies.keys.rotateAfter / 86_400,
      deleted_account_days: (policies.deletedAccountGrace ?? deletedAccountGrace) / 86_400,
      ...(policies.auditRetention && { audit_retention_days: retentionTimes(policies.auditRetention, 1 / 86_400) }),
    },
    registration: {
      mode,
      ...(mode === 'open' && { open_to_everybody: true }),
      ...(redirectHosts && { allowed_redirect_hosts: redirectHosts }),
      ...(grantTypes && { allowed_grant_types: grantTypes }),
      ...(authMethods && { allowed_auth_methods: authMethods }),
      ...(scopes && { allowed_scopes: scopes }),
    },
  };
}

export function showResourceServer(server: Stored<'resourceServers'>): z.input<typeof resourceServerObject> {
  const { accessTokenSigningAlg: access_token_signing_alg, statusList: status_list, ...members } = server;
  return { ...members, access_token_signing_alg, status_list };
}

export function showScope({ resourceServer, ...members }: Stored<'scopes'>): z.input<typeof scopeObject> {
  return { ...members, ...(resourceServer !== undefined && { resource_server: resourceServer }) };
}

export const showRole = (role: Stored<'roles'>): z.input<typeof roleObject> => role;

export function showOrganisation(organisation: Stored<'organisations'>): z.input<typeof organisationObject> {
  const { name, displayName, ...members } = organisation;
  return { name, display_name: displayName, ...members };
}

export function showGroup({ name, displayName, ...members }: Stored<'groups'>): z.input<typeof groupObject> {
  return { name, display_name: displayName, ...members };
}

export function showClient(client: Stored<'clients'>): Readonly<Record<string, unknown>> {
  const { clientId, requirePkce, consent, profile, introspects, roles, enabled } = client;
  return {
    client_id: clientId,
    ...wireMetadataOf(client),
    require_pkce: requirePkce,
    ...{ consent, profile, introspects, roles, enabled },
  };
}

/** The username is no claim beside itself. */
export function showAccount({ username, claims, ...members }: Stored<'users'>): z.input<typeof accountObject> {
  const told = Object.entries(claims).filter(([name]) => name !== 'preferred_username' && name !== 'updated_at');
  return { username, ...Object.fromEntries(told), ...members };
}
