import { ignoredRow, int8, statement } from '@signet/persistence';
import { z } from 'zod';
import { listSize } from '../status-lists/status-list.js';

export const raiseEpoch = statement<undefined, number>({
  name: 'token.epoch.raise',
  text: 'update epoch set value = value + 1 returning value',
  parameters: () => [],
  row: z.object({ value: int8 }).transform(({ value }) => value),
});

/** Those that anything may have been issued at. */
export const tenantsAtAll = statement<undefined, string>({
  name: 'token.tenant.list-all',
  text: 'select tenant_id as id from tenant_key union select tenant_id from "grant" union select tenant_id from family',
  parameters: () => [],
  row: z.object({ id: z.string() }).transform(({ id }) => id),
});

/** Their versions stay: an event has each of them, and the next thing that a person says has the next one. */
export const forgetConsents = statement<undefined, { tenantId: string; consents: number }>({
  name: 'token.grant.forget-all',
  text: `with forgotten as (
    update "grant" set agreed_at = null, scopes = '{}' where agreed_at is not null returning tenant_id
  ) select tenant_id as "tenantId", count(*) as consents from forgotten group by tenant_id`,
  parameters: () => [],
  row: z.object({ tenantId: z.string(), consents: int8 }),
});

/** Devices and requests that wait: answered or spent since, they would be so again. */
export const dropPending = statement<undefined, unknown>({
  name: 'token.restoration.drop-pending',
  text: `with devices as (delete from device where redeemed_at is null), requests as (delete from pushed_request)
    select`,
  parameters: () => [],
  row: ignoredRow,
});

/** More than a status list can have been begun since the backup. */
const skipped = 1_024;

/**
 * Places that were given since would be given again, and their tokens be taken for the new ones. The lists of before have no token that lives, so
 * they are not there any more, and nobody lets through what he cannot look up.
 */
export const skipStatusIndices = statement<undefined, unknown>({
  name: 'token.status-lease.skip',
  text: `with entries as (delete from status_entry)
    update status_lease set next = (next / ${listSize} + ${skipped}) * ${listSize}`,
  parameters: () => [],
  row: ignoredRow,
});
