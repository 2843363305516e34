import { showId } from '@signet/contracts';
import { resourceOf } from '../mapping/user-mapping.js';
import { metaOf, type Found } from '../scim-resource.js';
import type { ResourceType } from '../schema/resource-type.js';
import type { StoredUser } from './user-statements.js';

/** The User that an account is. `base` is the tenant's. */
export function userView(type: ResourceType, base: string, user: StoredUser): Found {
  const id = showId('acc', user.id);
  const location = `${base}/Users/${id}`;
  const resource = resourceOf(user);
  const extensions = type.extensions.filter((extension) => resource[extension.id] !== undefined);
  return {
    location,
    version: user.version,
    resource: {
      schemas: [type.schema.id, ...extensions.map((extension) => extension.id)],
      id,
      ...resource,
      groups: user.groups.map((group) => ({
        value: showId('grp', group.id),
        $ref: `${base}/Groups/${showId('grp', group.id)}`,
        display: group.displayName,
        type: 'direct',
      })),
      ...(user.roles.length > 0 && { roles: user.roles.map((value) => ({ value })) }),
      meta: metaOf('User', location, user),
    },
  };
}
