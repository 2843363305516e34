import type { Migration } from '@signet/persistence';

/**
 * What access tokens with a place in a status list rest on, until after they have expired; with the columns that floors are held against.
 * `status_lease` has, for each tenant, the first index that no replica has been given.
 */
export const statusLists: Migration = {
  name: 'status-lists',
  up: `
create table status_entry (
  tenant_id uuid not null,
  index bigint not null,
  jti text not null,
  instance_id uuid not null,
  grant_id uuid,
  session_id uuid,
  account_id uuid,
  client_id text not null,
  since timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, index, expires_at)
) partition by range (expires_at);
create table status_entry_default partition of status_entry default;

create table status_lease (
  tenant_id uuid primary key,
  next bigint not null check (next > 0)
);
`,
};
