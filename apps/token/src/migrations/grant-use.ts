import type { Migration } from '@signet/persistence';

/**
 * When a grant was used last, and grants that were agreed to once and are not any more: their version goes on counting. The indices
 * are for the lists of them, by client, and for the families of one.
 */
export const grantUse: Migration = {
  name: 'grant-use',
  up: `
alter table "grant"
  add column last_used_at timestamptz,
  drop constraint grant_check,
  add constraint grant_agreed check (agreed_at is null or version > 0);
create index grant_client on "grant" (tenant_id, client_id, id);
create index family_grant on family (tenant_id, grant_id);
`,
};
