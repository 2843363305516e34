import { eventId, type EventId, type TenantId } from '@signet/contracts';
import { eventParameter, ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';
import type { LoggedEvent } from './change-log.js';

/** All at once, each with the version of its aggregate. */
export const recordChanges = statement<readonly LoggedEvent[], unknown>({
  name: 'directory.change.record',
  text: 'select record_event(event, version) from unnest($1::jsonb[], $2::bigint[]) as change (event, version)',
  parameters: (changes) => [changes.map(({ event }) => eventParameter(event)), changes.map(({ version }) => version)],
  row: ignoredRow,
  records: true,
});

export const bumpAuthority = statement<{ tenantId: TenantId }, { version: number }>({
  name: 'directory.change.bump-authority',
  text: 'update tenant set authority_version = authority_version + 1 where id = $1 returning authority_version as version',
  parameters: (p) => [p.tenantId],
  row: z.object({ version: z.int().positive() }),
});

/** Scopes and resource servers are copied together, under one version. */
export const bumpCatalogue = statement<{ tenantId: TenantId }, unknown>({
  name: 'directory.change.bump-catalogue',
  text: 'update tenant set catalogue_version = catalogue_version + 1 where id = $1',
  parameters: (p) => [p.tenantId],
  row: ignoredRow,
});

/** Also those of an earlier change, whose process ended between commit and floor: nothing may be answered before they are raised. */
export const findUnraised = statement<{ tenantIds: readonly TenantId[] }, { id: EventId }>({
  name: 'directory.change.find-unraised',
  text: 'select id from unraised_floor where tenant_id = any($1::uuid[]) order by created_at, id',
  parameters: ({ tenantIds }) => [tenantIds],
  row: z.object({ id: eventId }),
});
