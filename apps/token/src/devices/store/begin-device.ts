import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import type { DeviceAuthorization } from '@signet/protocol';
import { z } from 'zod';

interface Begin {
  readonly tenantId: string;
  readonly authorization: DeviceAuthorization;
  readonly begun: RecordedEvent;
}

/** A row where the device waits now; none where another one shows the same user code at the moment. */
export const beginDevice = statement<Begin, unknown>({
  name: 'token.device.begin',
  text: `insert into device as d (tenant_id, id, hash, user_code_hash, client_id, scopes, resources, poll_interval, expires_at)
    select $1::uuid, $2::uuid, $3::bytea, $4::bytea, $5::text, $6::text[], $7::text[], $8::integer,
      clock_timestamp() + $9::integer * interval '1 second'
    where not exists (select from device other where other.tenant_id = $1::uuid and other.user_code_hash = $4::bytea
      and other.expires_at > clock_timestamp())
    returning record_event($10::jsonb, d.version)`,
  parameters: ({ tenantId, authorization: a, begun }) => [
    tenantId,
    a.deviceCodeId,
    Buffer.from(a.secretHash, 'base64url'),
    Buffer.from(a.userCodeHash, 'base64url'),
    a.client.clientId,
    a.scopes,
    a.resources,
    a.interval,
    a.expiresIn,
    eventParameter(begun),
  ],
  row: z.unknown(),
  records: true,
});
