import { showId } from '@signet/contracts';
import { metaOf, type Found } from '../scim-resource.js';
import { groupSchema } from '../schema/group-schema.js';
import type { StoredGroup } from './group-statements.js';

/** The Group that a group is. `base` is the tenant's. */
export function groupView(base: string, group: StoredGroup): Found {
  const id = showId('grp', group.id);
  const location = `${base}/Groups/${id}`;
  return {
    location,
    version: group.version,
    resource: {
      schemas: [groupSchema.id],
      id,
      ...(group.externalId !== null && { externalId: group.externalId }),
      displayName: group.displayName,
      members: group.members.map(({ id: memberId, type, display }) => {
        const value = showId(type === 'User' ? 'acc' : 'grp', memberId);
        return { value, $ref: `${base}/${type}s/${value}`, type, display };
      }),
      meta: metaOf('Group', location, group),
    },
  };
}
