import { statement } from '@signet/persistence';
import { z } from 'zod';

export interface PushedRequest {
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly spent: boolean;
  readonly expired: boolean;
}

interface Reference {
  readonly tenantId: string;
  readonly clientId: string;
  readonly id: string;
  readonly secretHash: string;
}

/** What a client has pushed. No row: nobody has, or somebody else. */
export const findPushedRequest = statement<Reference, PushedRequest>({
  name: 'token.request.find',
  text: `select parameters, spent_at is not null as spent, expires_at <= clock_timestamp() as expired
    from pushed_request where tenant_id = $1 and id = $2 and hash = $3::bytea and client_id = $4`,
  parameters: ({ tenantId, id, secretHash, clientId }) => [
    tenantId,
    id,
    Buffer.from(secretHash, 'base64url'),
    clientId,
  ],
  row: z.object({
    parameters: z.record(z.string(), z.array(z.string())),
    spent: z.boolean(),
    expired: z.boolean(),
  }),
});
