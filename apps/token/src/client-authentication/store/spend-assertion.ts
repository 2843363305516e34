import { statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';

/** A row for the first who presents it; no row for everybody after, at whichever replica. A success is no event of its own. */
export const spendAssertion = statement<
  {
    readonly tenantId: string;
    readonly clientId: string;
    readonly jtiHash: string;
    /** Micros. */
    readonly expiresAt: number;
  },
  unknown
>({
  name: 'token.assertion.spend',
  text: `insert into spent_assertion (tenant_id, client_id, jti_hash, expires_at)
    values ($1, $2, $3, ${timestampOf('$4')}) on conflict do nothing returning true as first`,
  parameters: ({ tenantId, clientId, jtiHash, expiresAt }) => [
    tenantId,
    clientId,
    Buffer.from(jtiHash, 'base64url'),
    expiresAt,
  ],
  row: z.object({ first: z.literal(true) }),
});
