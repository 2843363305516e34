import type { PushedRequestId, RecordedEvent, TenantId } from '@signet/contracts';
import { eventParameter, ignoredRow, statement } from '@signet/persistence';

/** Seconds. RFC 9126 section 2.2 has clients go on at once; a person may open the page anew within this. */
export const pushedLifetime = 300;

export interface PushRequest {
  readonly tenantId: TenantId;
  readonly id: PushedRequestId;
  readonly secretHash: string;
  readonly clientId: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly pushed: RecordedEvent;
}

export const pushRequest = statement<PushRequest, unknown>({
  name: 'token.request.push',
  text: `insert into pushed_request (tenant_id, id, hash, client_id, parameters, expires_at)
    values ($1, $2, $3, $4, $5::jsonb, clock_timestamp() + ${pushedLifetime} * interval '1 second')
    returning record_event($6::jsonb, 1)`,
  parameters: (p) => [
    p.tenantId,
    p.id,
    Buffer.from(p.secretHash, 'base64url'),
    p.clientId,
    JSON.stringify(p.parameters),
    eventParameter(p.pushed),
  ],
  row: ignoredRow,
  records: true,
});
