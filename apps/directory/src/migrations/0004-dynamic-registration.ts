import type { Migration } from '@signet/persistence';

export const dynamicRegistration: Migration = {
  name: 'dynamic-registration',
  up: `
-- A client that registered itself, and the token by which it manages its registration (RFC 7592).
create table client_registration (
  tenant_id uuid not null,
  client_id text not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  registered_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, client_id),
  foreign key (tenant_id, client_id) references client (tenant_id, client_id) on delete cascade
);

-- RFC 7591 section 3: a right to register, given by the operator and counted down by the statement that registers.
create table initial_access_token (
  tenant_id uuid not null references tenant (id),
  hash bytea not null check (octet_length(hash) = 32),
  id uuid not null,
  uses_left integer not null check (uses_left >= 0),
  expires_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, hash)
);
`,
};
