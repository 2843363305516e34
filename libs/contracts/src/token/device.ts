import { z } from 'zod';
import { deviceCodeId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId, digest, scopeName } from '../text.js';
import { eventContext } from '../events/context.js';
import { authentication, deadBy } from './grant.js';

/** One device that waits, named by its id and by the hash of the user code that it shows: whoever knows one of them knows nothing. */
const device = { tenantId, deviceCodeId, userCodeHash: digest };

/** The device that shows a user code, while nobody has decided about it. An unknown code and one that is over look the same. */
export const findDevice = request('token', 'device', 'find', {
  request: z.strictObject({ tenantId, userCodeHash: digest }),
  response: z.object({
    device: z
      .object({
        deviceCodeId,
        clientId,
        scopes: z.array(z.string()),
        resources: z.array(z.string()),
        expiresAt: micros,
      })
      .nullable(),
  }),
});
export type FoundDevice = NonNullable<z.infer<typeof findDevice.response>['device']>;

/** The last step of a sign-in for a device: as `issueGrant`, but what is made is the device's right to redeem its code. */
export const approveDevice = request('token', 'device', 'approve', {
  request: z.strictObject({
    ...device,
    clientId,
    clientVersion: z.int().positive(),
    authentication,
    scopes: z.array(scopeName),
    /** Nobody approves a device unasked: the person has just agreed to these scopes, for this device. */
    context: eventContext,
  }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('approved') }),
    /** It expired, or somebody decided about it meanwhile. */
    z.object({ outcome: z.literal('gone') }),
    z.object({ outcome: z.literal('dead'), by: deadBy }),
    z.object({ outcome: z.literal('stale_client') }),
  ]),
});
export type DeviceApproved = z.infer<typeof approveDevice.response>;

export const denyDevice = request('token', 'device', 'deny', {
  request: z.strictObject({ ...device, context: eventContext }),
  response: z.object({ outcome: z.enum(['denied', 'gone']) }),
});
