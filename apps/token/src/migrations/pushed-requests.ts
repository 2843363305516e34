import type { Migration } from '@signet/persistence';

/** RFC 9126. The id is the time of the push, and leads to the partition; a request is spent when its code is made. */
export const pushedRequests: Migration = {
  name: 'pushed_requests',
  up: `
create table pushed_request (
  tenant_id uuid not null,
  id uuid not null,
  hash bytea not null check (length(hash) = 32),
  client_id text not null,
  parameters jsonb not null,
  expires_at timestamptz not null,
  spent_at timestamptz,
  primary key (tenant_id, id)
) partition by range (id);
create table pushed_request_default partition of pushed_request default;
`,
};
