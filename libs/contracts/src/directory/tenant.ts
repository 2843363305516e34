import {
  grantTypeSchema,
  tokenEndpointAuthMethods,
  type ResourceServer as ProtocolResourceServer,
} from '@signet/protocol';
import { z } from 'zod';
import { micros } from '../instant.js';
import { tenantId } from '../ids.js';
import { request } from '../request.js';
import { scopeName, slug, text } from '../text.js';

/**
 * Who may register clients at the tenant's /register (RFC 7591), and what such clients may be. Lists that are absent allow
 * everything that is supported, `scopes` apart: OpenID Connect's own.
 */
export const registrationPolicy = z.object({
  mode: z.enum(['closed', 'initial_access_token', 'open']),
  /** Of redirect URIs: a host, or `*.` and one for all below it. */
  redirectHosts: z.array(z.string().max(253)).max(100).optional(),
  grantTypes: z.array(grantTypeSchema).optional(),
  authMethods: z.array(z.enum(tokenEndpointAuthMethods)).optional(),
  scopes: z.array(scopeName).max(200).optional(),
});
export type RegistrationPolicy = z.infer<typeof registrationPolicy>;

/** Seconds for which a deleted account can be restored, where the policy of its tenant says nothing. */
export const deletedAccountGrace = 30 * 86_400;

/** Seconds without use, and in all. */
export const sessionLifetimes = z.object({ idle: z.int().positive(), absolute: z.int().positive() });
export type SessionLifetimes = z.infer<typeof sessionLifetimes>;

/** Classes of events that the log may let go of; of itself, and of what was let go of, it tells for good. */
export const retainedClasses = ['authentication', 'tokens', 'administration'] as const;
export type RetainedClass = (typeof retainedClasses)[number];

const retention = z.int().min(86_400).max(3_153_600_000).optional();
const auditRetention = z.object({ authentication: retention, tokens: retention, administration: retention });

/** Lifetimes in seconds. */
export const tenantPolicies = z.object({
  /** `remembered`: of a person who wants to stay signed in when the browser is closed; absent: nobody is asked. */
  session: sessionLifetimes.extend({ remembered: sessionLifetimes.optional() }),
  accessToken: z.object({ lifetime: z.int().min(30).max(3_600) }),
  refresh: z.object({ idle: z.int().positive(), absolute: z.int().positive() }),
  /** Absent: closed. */
  registration: registrationPolicy.optional(),
  /** For which a deleted account can be restored; then it is erased. Absent: 30 days. */
  deletedAccountGrace: z.int().min(0).max(315_360_000).optional(),
  /** Whether a new password ends what the account was signed in to with the old one. Absent: it does. */
  passwordChangeEndsSessions: z.boolean().optional(),
  /** The age at which a key is replaced: a day to ten years. */
  keys: z.object({ rotateAfter: z.int().min(86_400).max(315_360_000) }).default({ rotateAfter: 90 * 86_400 }),
  /** The age at which the log lets go of entries, by their class. Absent: never. */
  auditRetention: auditRetention.optional(),
});
export type TenantPolicies = z.infer<typeof tenantPolicies>;

export const branding = z.object({
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .optional(),
});

export const tenant = z.object({
  id: tenantId,
  slug,
  /** Absolute, stored, immutable; never computed from the slug. */
  issuer: z.url(),
  name: text(200, 1),
  enabled: z.boolean(),
  version: z.int().positive(),
  policies: tenantPolicies,
  branding,
});
export type Tenant = z.infer<typeof tenant>;

export const findTenant = request('directory', 'tenant', 'find', {
  request: z.union([z.strictObject({ slug }), z.strictObject({ tenantId })]),
  response: tenant,
  errors: ['not_found'],
});

export const listTenants = request('directory', 'tenant', 'list', {
  request: z.strictObject({ after: tenantId.optional(), limit: z.int().min(1).max(1_000) }),
  response: z.object({ tenants: z.array(tenant) }),
});

/** A scope as a person is asked for it, and as a client may be granted it. */
export const scope = z.object({
  name: z.string(),
  description: text(300),
  /** The resource server that its tokens are for; absent for scopes of OpenID Connect itself. */
  resourceServer: z.string().optional(),
});
export type Scope = z.infer<typeof scope>;

export const resourceServer = z.object({
  /** Its resource indicator (RFC 8707): an absolute URI without fragment. */
  identifier: z.url(),
  name: text(200, 1),
  accessTokenSigningAlg: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']),
  /** Its access tokens have a place in a status list. */
  statusList: z.boolean().default(false),
});
export type ResourceServer = z.infer<typeof resourceServer>;

/** A resource server as it is copied. `hasPermissions`: roles can give something at it, which its access tokens tell to clients that were granted a scope of it. */
const copiedResourceServer = resourceServer.extend({ hasPermissions: z.boolean().optional() });

/** All scopes and resource servers of a tenant: one copy, one version. */
export const catalogue = z.object({
  tenantId,
  version: z.int().nonnegative(),
  scopes: z.array(scope),
  resourceServers: z.array(copiedResourceServer),
  readAt: micros,
});
export type Catalogue = z.infer<typeof catalogue>;

export const findCatalogue = request('directory', 'catalogue', 'find', {
  request: z.strictObject({ tenantId }),
  response: catalogue,
  errors: ['not_found'],
});

/** The catalogue's resource servers as the protocol judges by them: each with the scopes that lead to it. */
export function resourceServersOf({ resourceServers, scopes }: Catalogue): ProtocolResourceServer[] {
  return resourceServers.map(({ identifier, accessTokenSigningAlg, hasPermissions, statusList }) => ({
    identifier,
    scopes: scopes.filter((scope) => scope.resourceServer === identifier).map(({ name }) => name),
    accessTokenAlg: accessTokenSigningAlg,
    hasPermissions,
    statusList,
  }));
}
