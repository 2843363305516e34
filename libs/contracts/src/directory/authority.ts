import { z } from 'zod';
import { accountId, organisationId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId } from '../text.js';

/** A permission of the management resource server as its holder has it: in the whole tenant, or within one organisation. */
export const heldPermission = z.object({ name: z.string(), organisationId: organisationId.nullable() });
export type HeldPermission = z.infer<typeof heldPermission>;

/**
 * What an account, or a client that acts for itself, may administer now: by its own roles, those of its groups and those of its
 * organisations. Of nobody, or of what is disabled, nothing; `evenDisabled`: what they would hold who were enabled again.
 */
const evenDisabled = z.boolean().optional();

export const findAuthority = request('directory', 'authority', 'find', {
  request: z.union([
    z.strictObject({ tenantId, accountId, evenDisabled }),
    z.strictObject({ tenantId, clientId, evenDisabled }),
  ]),
  response: z.object({ permissions: z.array(heldPermission) }),
});
