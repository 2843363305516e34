import { z } from 'zod';
import { accountId, planId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { slug, text } from '../text.js';
import { applyDirectoryConfiguration, declaredClient, declaredTenant } from './configuration.js';
import { declaredKind } from './declared-kinds.js';

/** What a configuration can say of what is stored: secrets are told by their number alone, passwords are authn's. */
export const storedObjects = {
  ...declaredTenant.pick({
    ...{ resourceServers: true, scopes: true, roles: true, organisations: true, groups: true, users: true },
  }).shape,
  clients: z.array(
    declaredClient.omit({ secretHashes: true, sealedSecrets: true }).extend({ secrets: z.int().nonnegative() }),
  ),
} as const;
export const storedTenant = declaredTenant.omit({
  ...{
    resourceServers: true,
    scopes: true,
    roles: true,
    organisations: true,
    groups: true,
    clients: true,
    users: true,
  },
});

export type StoredObjects = { readonly [K in keyof typeof storedObjects]: z.infer<(typeof storedObjects)[K]> };
export type StoredTenantMembers = z.infer<typeof storedTenant>;

/** Since when an object is not any more what a plan had made it. */
export const drift = z.object({ planId, appliedAt: z.iso.datetime(), changedAt: z.iso.datetime() });

export const plannedChange = z.object({
  kind: z.enum(['tenant', ...declaredKind.options]),
  name: text(2_048),
  action: z.enum(['create', 'update', 'delete']),
  /** As events name it: what the audit log has of it. Absent for what is to be created. */
  aggregate: text(300).optional(),
  /** As in `storedObjects`, of an update. Absent where the answer would not fit a message with them. */
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  /** An update makes its secrets others. */
  secrets: z.boolean().optional(),
  /** It was changed by something else since a plan last declared it. */
  drift: drift.optional(),
});
export type PlannedChange = z.infer<typeof plannedChange>;

/** Objects that are there, and that the configuration does not name. */
export const unmanaged = z.object({
  kind: declaredKind,
  count: z.int().nonnegative(),
  /** Of these, what an earlier plan declared. */
  declaredBefore: z.int().nonnegative(),
  /** Beside these, what no configuration declares and no prune takes: clients that registered themselves. */
  beyond: z.int().nonnegative(),
});

/**
 * What `applyDirectoryConfiguration` would change: the same work in a transaction that is rolled back. Fails as it would.
 * Users that would be created have no id yet, and are not in `users`.
 */
export const planDirectoryConfiguration = request('directory', 'configuration', 'plan', {
  request: applyDirectoryConfiguration.request.omit({ planId: true }),
  response: z.object({
    tenants: z.array(
      z.object({
        slug,
        tenantId: tenantId.optional(),
        changes: z.array(plannedChange),
        unmanaged: z.array(unmanaged),
        users: z.array(z.object({ username: z.string(), accountId })),
      }),
    ),
  }),
  errors: ['conflict', 'failed_precondition'],
  timeout: 15_000,
});

const exportPosition = z.strictObject({ kind: declaredKind, after: text(2_048).optional() });

/**
 * A tenant as a configuration would declare it, a page at a time: `objects` are some of each kind, `next` is where the rest begins. Pages are
 * read one after the other, and what changes between them may be in both or in neither.
 */
export const exportDirectoryTenant = request('directory', 'configuration', 'export', {
  request: z.strictObject({ slug, from: exportPosition.optional() }),
  response: z.object({
    tenant: storedTenant,
    objects: z.object(storedObjects).partial(),
    /** Of the kind that this page is of: see `unmanaged`. */
    beyond: z.int().nonnegative(),
    next: exportPosition.optional(),
  }),
  errors: ['not_found'],
  timeout: 5_000,
});
