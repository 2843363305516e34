import { clientSchema } from '@signet/protocol';
import { z } from 'zod';
import { accountId, planId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId, digest, scopeName, slug, text } from '../text.js';
import { accountClaims } from './account.js';
import { branding, resourceServer, tenantPolicies } from './tenant.js';

const name = text(200, 1);
const key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/);

/** A client less what the directory itself decides. `sealedSecrets`: what the hashes are of, for client_secret_jwt alone. */
export const declaredClient = clientSchema
  .omit({ tenantId: true, version: true, shownLogos: true, registration: true })
  .extend({
    clientId,
    scopes: z.array(scopeName),
    secretHashes: z.array(digest).max(5),
    sealedSecrets: z.array(z.base64url().max(2048)).max(5).optional(),
  })
  .strict();
export type DeclaredClient = z.infer<typeof declaredClient>;

export const declaredUser = z.strictObject({
  username: text(320, 1),
  enabled: z.boolean(),
  claims: accountClaims,
  groups: z.array(key),
  roles: z.array(key),
});
export type DeclaredUser = z.infer<typeof declaredUser>;

export const declaredTenant = z.strictObject({
  slug,
  issuer: z.url(),
  name,
  enabled: z.boolean(),
  policies: tenantPolicies,
  branding,
  scopes: z.array(z.strictObject({ name: scopeName, description: text(300), resourceServer: z.url().optional() })),
  resourceServers: z.array(resourceServer.strict()),
  roles: z.array(z.strictObject({ name: key, description: text(300) })),
  groups: z.array(z.strictObject({ name: key, displayName: name, roles: z.array(key) })),
  clients: z.array(declaredClient),
  users: z.array(declaredUser),
});
export type DeclaredTenant = z.infer<typeof declaredTenant>;

/**
 * Applies a configuration's directory part in one transaction; objects that it does not name are left alone. Idempotent by content:
 * what is already so is no change and no event. A repeat of a finished plan answers what it answered first.
 */
export const applyDirectoryConfiguration = request('directory', 'configuration', 'apply', {
  request: z.strictObject({ planId, tenants: z.array(declaredTenant).min(1) }),
  response: z.object({
    changes: z.int().nonnegative(),
    tenants: z.array(z.object({ slug, tenantId, users: z.array(z.object({ username: z.string(), accountId })) })),
  }),
  errors: ['conflict', 'failed_precondition'],
  timeout: 15_000,
});
