import { signingAlgorithmSchema } from '@signet/protocol';
import { z } from 'zod';
import { scopeName, text } from '../../text.js';
import { description, displayName, groupReference, objectName } from './names.js';

export const permissionObject = z.strictObject({ name: objectName, description: description.default('') });

export const resourceServerObject = z.strictObject({
  identifier: z.url(),
  name: displayName,
  access_token_signing_alg: signingAlgorithmSchema.default('ES256'),
  status_list: z
    .boolean()
    .default(false)
    .describe('Its access tokens name their place in a status list, where it sees within seconds which are revoked.'),
  permissions: z
    .array(permissionObject)
    .default([])
    .describe(
      'What roles may give at it; told in the `permissions` claim of its access tokens, to clients that were granted a scope of it.',
    ),
});

export const scopeObject = z.strictObject({
  name: scopeName,
  description: text(300, 1),
  resource_server: z.url().optional(),
});

/** Permissions by the resource server that they are of. */
export const permissionsByServer = z.record(z.url(), z.array(objectName));

export const roleObject = z.strictObject({
  name: objectName,
  description: description.default(''),
  permissions: permissionsByServer
    .default({})
    .describe('By identifier of a resource server, what this role gives there.'),
});

export const organisationObject = z.strictObject({
  name: objectName,
  display_name: displayName.optional(),
  enabled: z.boolean().default(true),
  roles: z.array(objectName).default([]).describe('What every member has in it.'),
});

export const groupObject = z.strictObject({
  name: objectName,
  display_name: displayName.optional(),
  organisation: objectName.optional().describe('Where absent, the group is of the tenant as a whole.'),
  roles: z.array(objectName).default([]),
  groups: z.array(groupReference).default([]).describe('Groups whose members are members of this one.'),
});

export type ResourceServerObject = z.output<typeof resourceServerObject>;
export type ScopeObject = z.output<typeof scopeObject>;
export type RoleObject = z.output<typeof roleObject>;
export type OrganisationObject = z.output<typeof organisationObject>;
export type GroupObject = z.output<typeof groupObject>;
