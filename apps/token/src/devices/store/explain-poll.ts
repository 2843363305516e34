import type { Micros, RecordedEvent } from '@signet/contracts';
import { eventParameter, statement, timestampOf } from '@signet/persistence';
import type { DevicePoll } from '@signet/protocol';
import { z } from 'zod';
import type { FloorRow } from '../../floors/floor-index.js';
import { floorColumns, floorRow } from '../../floors/store/floor-row.js';
import { endInstance } from '../../grants/store/end-instance.js';

export interface ExplainPoll {
  readonly tenantId: string;
  readonly poll: DevicePoll;
  /** When the poll that met nothing began. */
  readonly began: Micros;
  /** Recorded if the code was spent before. */
  readonly replayed: RecordedEvent;
  readonly familyEnded: RecordedEvent;
}

export interface PollExplanation {
  /** The code was spent before the poll began, so the instance that came of it has ended: floor and family. */
  readonly replayed: boolean;
  readonly floor: FloorRow | undefined;
}

/** Why a poll met nothing to judge. No row: there is no such device code of this client, else it is spent. */
export const explainPoll = statement<ExplainPoll, PollExplanation>({
  name: 'token.device.explain',
  text: `with seen as materialized (
    select d.tenant_id, d.id, d.redeemed_at < ${timestampOf('$5')} as replayed from device d
    where d.tenant_id = $1 and d.id = $2 and d.hash = $3::bytea and d.client_id = $4 and d.redeemed_at is not null
  ), replayed as (
    update device set version = device.version + 1 from seen
    where device.tenant_id = seen.tenant_id and device.id = seen.id and seen.replayed
    returning device.tenant_id, device.instance_id, record_event($6::jsonb, device.version,
      jsonb_build_object('subject', 'account:' || device.account_id, 'session', device.session_id)) as recorded
  ), ${endInstance({ source: 'replayed', reason: `'device_code_replayed'`, familyEnded: '$7' })}
  select exists (select from replayed) as replayed, f.key is not null as floored, ${floorColumns}
  from seen left join floored f on true`,
  parameters: ({ tenantId, poll, began, replayed, familyEnded }) => [
    tenantId,
    poll.deviceCodeId,
    Buffer.from(poll.secretHash, 'base64url'),
    poll.client.clientId,
    began,
    eventParameter(replayed),
    eventParameter(familyEnded),
  ],
  row: z
    .looseObject({ replayed: z.boolean(), floored: z.boolean() })
    .transform((row) => ({ replayed: row.replayed, floor: row.floored ? floorRow.parse(row) : undefined })),
  records: true,
});
