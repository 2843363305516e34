import { z } from 'zod';
import { resourceServerId, roleId, scopeId } from '../ids.js';
import { scopeName } from '../text.js';
import { collectionOperations, idText, stamps } from './collection.js';
import { resourceServerObject, roleObject, scopeObject } from './objects/catalogue-objects.js';
import { objectName } from './objects/names.js';
import { shownId } from './shown-id.js';

const builtIn = z.boolean().describe("Signet's own: it does not change.");

export const shownRole = z
  .strictObject({ id: idText('rol'), ...roleObject.shape, built_in: builtIn, ...stamps })
  .meta({ id: 'Role' });

export const roleOperations = collectionOperations({
  collection: 'roles',
  names: ['Role', 'Roles', 'a role', 'roles'],
  parameters: z.strictObject({ role_id: shownId('rol', roleId) }),
  parameter: 'role_id',
  filters: { name: objectName.optional() },
  created: roleObject,
  updated: roleObject,
  shown: shownRole,
});

export const shownScope = z
  .strictObject({ id: idText('scp'), ...scopeObject.shape, description: z.string(), built_in: builtIn, ...stamps })
  .meta({ id: 'Scope' });

export const scopeOperations = collectionOperations({
  collection: 'scopes',
  names: ['Scope', 'Scopes', 'a scope', 'scopes'],
  parameters: z.strictObject({ scope_id: shownId('scp', scopeId) }),
  parameter: 'scope_id',
  filters: { name: scopeName.optional(), resource_server: z.url().max(1_024).optional() },
  created: scopeObject,
  updated: scopeObject,
  shown: shownScope,
});

export const shownResourceServer = z
  .strictObject({ id: idText('rsv'), ...resourceServerObject.shape, built_in: builtIn, ...stamps })
  .meta({ id: 'ResourceServer' });

export const resourceServerOperations = collectionOperations({
  collection: 'resource-servers',
  names: ['ResourceServer', 'ResourceServers', 'a resource server', 'resource servers'],
  parameters: z.strictObject({ resource_server_id: shownId('rsv', resourceServerId) }),
  parameter: 'resource_server_id',
  filters: { identifier: z.url().max(1_024).optional() },
  created: resourceServerObject,
  updated: resourceServerObject,
  shown: shownResourceServer,
});
