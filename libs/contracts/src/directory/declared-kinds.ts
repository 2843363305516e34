import { z } from 'zod';

/** What a configuration declares in a tenant, by the member of it; what others refer to comes first. */
export const declaredKind = z.enum([
  'resourceServers',
  'scopes',
  'roles',
  'organisations',
  'groups',
  'clients',
  'users',
]);
export type DeclaredKind = z.infer<typeof declaredKind>;

/** Kinds of which a configuration may be the whole truth. Accounts are not: people come by other ways, too. */
export const prunableKind = declaredKind.exclude(['users']);
export type PrunableKind = z.infer<typeof prunableKind>;
