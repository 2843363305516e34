import { clientId, deviceCodeId, type FoundDevice } from '@signet/contracts';
import { micros, microsOf, statement } from '@signet/persistence';
import { z } from 'zod';

/** SQL: nobody has decided about the device, and somebody still may. */
export const waiting = (row: string) =>
  `${row}.approved_at is null and ${row}.denied_at is null and ${row}.expires_at > clock_timestamp()`;

export const findWaitingDevice = statement<{ readonly tenantId: string; readonly userCodeHash: string }, FoundDevice>({
  name: 'token.device.find',
  text: `select d.id as "deviceCodeId", d.client_id as "clientId", d.scopes, d.resources, ${microsOf('d.expires_at')} as "expiresAt"
    from device d where d.tenant_id = $1 and d.user_code_hash = $2::bytea and ${waiting('d')}`,
  parameters: ({ tenantId, userCodeHash }) => [tenantId, Buffer.from(userCodeHash, 'base64url')],
  row: z.object({
    deviceCodeId,
    clientId,
    scopes: z.array(z.string()),
    resources: z.array(z.string()),
    expiresAt: micros,
  }),
});
