import { createHash } from 'node:crypto';
import { identifierKey, type applyDirectoryConfiguration } from '@signet/contracts';
import type { z } from 'zod';

export type Plan = z.infer<typeof applyDirectoryConfiguration.request>;

export const digestOf = ({ tenants, prune }: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(prune === undefined ? tenants : { tenants, prune }))
    .digest('base64url');

/** The objects that a tenant of a configuration names, beside what belongs to every tenant as a whole. */
export interface NamedObjects {
  readonly slug: string;
  readonly clientIds: readonly string[];
  readonly identifierKeys: readonly string[];
}

export const namedObjects = ({ tenants }: Plan): NamedObjects[] =>
  tenants.map(({ slug, clients, users }) => ({
    slug,
    clientIds: clients.map(({ clientId }) => clientId),
    identifierKeys: users.map(({ username }) => identifierKey(username)),
  }));
