import type { Migration } from '@signet/persistence';

export const clientLogos: Migration = {
  name: 'client-logos',
  up: `
-- What was at a client's logo_uri when it was fetched; without bytes: nothing that could be shown.
create table client_logo (
  tenant_id uuid not null,
  client_id text not null,
  uri text not null,
  media_type text,
  bytes bytea check (octet_length(bytes) <= 262144),
  fetched_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, client_id),
  foreign key (tenant_id, client_id) references client (tenant_id, client_id) on delete cascade
);
`,
};
