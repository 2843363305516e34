import { deadBy, type approveDevice, type DeadBy, type denyDevice, type RecordedEvent } from '@signet/contracts';
import { eventParameter, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import { judgedGrant, judgedGrantParameters, type JudgedGrant } from '../../grants/store/judged-grant.js';
import { waiting } from './find-device.js';

type Request = z.output<typeof approveDevice.request>;

export interface Approve extends Omit<JudgedGrant, 'request'> {
  readonly request: Request;
  readonly sub: string;
  readonly approved: RecordedEvent;
}

export interface DeviceVerdict {
  readonly deadBy: DeadBy | null;
  readonly stale: boolean;
  readonly approved: boolean;
}

/**
 * A person's yes to a device, as one statement: floors, the client's version, the grant, and the sign-in that the device's tokens will rest
 * on. No row: the device is not waiting (any more), and nothing was agreed to.
 */
export const approveDeviceStatement = statement<Approve, DeviceVerdict>({
  name: 'token.device.approve',
  text: `with ${judgedGrant({
    wanted: '$6::text[]',
    from: `from device d where d.tenant_id = $1::uuid and d.id = $13::uuid and d.user_code_hash = $14::bytea
      and d.client_id = $2::text and $6::text[] <@ d.scopes and ${waiting('d')} for update of d`,
  })}, approved as (
    update device set approved_at = clock_timestamp(), scopes = allowed.scopes, grant_id = chosen.id, account_id = allowed.account_id,
      sub = $15, organisation_id = $10::uuid, session_id = allowed.session_id, session_expires_at = ${timestampOf('$16')},
      since = allowed.since, auth_time = ${timestampOf('$17')}, acr = $18, amr = $19::text[], version = device.version + 1
    from allowed, chosen
    where device.tenant_id = $1::uuid and device.id = $13::uuid
    returning record_event($20::jsonb, device.version)
  )
  select dead_by as "deadBy", stale, exists (select from approved) as approved from judged`,
  parameters: (p) => [
    ...judgedGrantParameters({ ...p, request: { ...p.request, consent: 'approved' } }),
    p.request.deviceCodeId,
    Buffer.from(p.request.userCodeHash, 'base64url'),
    p.sub,
    p.request.authentication.sessionExpiresAt,
    p.request.authentication.authTime,
    p.request.authentication.acr,
    p.request.authentication.amr,
    eventParameter(p.approved),
  ],
  row: z.object({ deadBy: deadBy.nullable(), stale: z.boolean(), approved: z.boolean() }),
  records: true,
});

/** A person's no. No row: the device is not waiting (any more). */
export const denyDeviceStatement = statement<
  { readonly request: z.output<typeof denyDevice.request>; readonly denied: RecordedEvent },
  unknown
>({
  name: 'token.device.deny',
  text: `update device d set denied_at = clock_timestamp(), version = d.version + 1
    where d.tenant_id = $1 and d.id = $2 and d.user_code_hash = $3::bytea and ${waiting('d')}
    returning record_event($4::jsonb, d.version, jsonb_build_object('client', d.client_id))`,
  parameters: ({ request, denied }) => [
    request.tenantId,
    request.deviceCodeId,
    Buffer.from(request.userCodeHash, 'base64url'),
    eventParameter(denied),
  ],
  row: z.unknown(),
  records: true,
});
