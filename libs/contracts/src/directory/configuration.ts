import { clientSchema } from '@signet/protocol';
import { z } from 'zod';
import { accountId, planId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId, digest, scopeName, slug, text } from '../text.js';
import { description, displayName, groupReference, objectName } from '../management/objects/names.js';
import { accountClaims } from './account.js';
import { accountAttributes, attributeDefinition } from './attributes.js';
import { prunableKind } from './declared-kinds.js';
import { branding, resourceServer, tenantPolicies } from './tenant.js';

/** A client less what the directory itself decides. `sealedSecrets`: what the hashes are of, for client_secret_jwt alone. */
export const declaredClient = clientSchema
  .omit({ tenantId: true, version: true, shownLogos: true, registration: true, authority: true })
  .extend({
    clientId,
    scopes: z.array(scopeName),
    roles: z.array(objectName),
    secretHashes: z.array(digest).max(5),
    sealedSecrets: z.array(z.base64url().max(2048)).max(5).optional(),
  })
  .strict();
export type DeclaredClient = z.infer<typeof declaredClient>;

export const declaredUser = z.strictObject({
  username: text(320, 1),
  enabled: z.boolean(),
  claims: accountClaims,
  attributes: accountAttributes,
  groups: z.array(groupReference),
  roles: z.array(objectName),
  organisations: z.array(z.strictObject({ name: objectName, roles: z.array(objectName) })),
});
export type DeclaredUser = z.infer<typeof declaredUser>;

const permission = z.strictObject({ name: objectName, description });

export const declaredTenant = z.strictObject({
  slug,
  issuer: z.url(),
  name: displayName,
  enabled: z.boolean(),
  policies: tenantPolicies,
  branding,
  attributes: z.array(attributeDefinition),
  scopes: z.array(z.strictObject({ name: scopeName, description: text(300), resourceServer: z.url().optional() })),
  resourceServers: z.array(resourceServer.extend({ permissions: z.array(permission) }).strict()),
  roles: z.array(
    z.strictObject({ name: objectName, description, permissions: z.record(z.url(), z.array(objectName)) }),
  ),
  organisations: z.array(
    z.strictObject({ name: objectName, displayName, enabled: z.boolean(), roles: z.array(objectName) }),
  ),
  groups: z.array(
    z.strictObject({
      name: objectName,
      organisation: objectName.optional(),
      displayName,
      roles: z.array(objectName),
      groups: z.array(groupReference),
    }),
  ),
  clients: z.array(declaredClient),
  users: z.array(declaredUser),
});
export type DeclaredTenant = z.infer<typeof declaredTenant>;

/**
 * Applies a configuration's directory part in one transaction; objects that it does not name are left alone, unless `prune` names their
 * kind. Idempotent by content: what is already so is no change and no event. A repeat of a finished plan answers what it answered first.
 */
export const applyDirectoryConfiguration = request('directory', 'configuration', 'apply', {
  request: z.strictObject({
    planId,
    tenants: z.array(declaredTenant).min(1),
    /** By a declared tenant's slug: kinds of which what the configuration does not name is deleted. */
    prune: z.record(slug, z.array(prunableKind)).optional(),
  }),
  response: z.object({
    changes: z.int().nonnegative(),
    tenants: z.array(z.object({ slug, tenantId, users: z.array(z.object({ username: z.string(), accountId })) })),
  }),
  errors: ['conflict', 'failed_precondition'],
  timeout: 15_000,
});
