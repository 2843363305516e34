import type { Migration } from '@signet/persistence';

/**
 * A device that waits for a person (RFC 8628), and, once one approved, what it may redeem: the columns of a sign-in are those of a
 * code. `polled` is what the last poll was answered.
 */
export const device: Migration = {
  name: 'device',
  up: `
create table device (
  tenant_id uuid not null,
  id uuid not null,
  hash bytea not null check (length(hash) = 32),
  user_code_hash bytea not null check (length(user_code_hash) = 32),
  client_id text not null,
  scopes text[] not null,
  resources text[] not null,
  expires_at timestamptz not null,
  poll_interval integer not null,
  polled_at timestamptz,
  polled text,
  denied_at timestamptz,
  grant_id uuid,
  account_id uuid,
  sub text,
  organisation_id uuid,
  session_id uuid,
  session_expires_at timestamptz,
  since timestamptz,
  auth_time timestamptz,
  acr text,
  amr text[],
  id_token_claims text[] not null default '{}',
  userinfo_claims text[] not null default '{}',
  approved_at timestamptz,
  instance_id uuid,
  redeemed_at timestamptz,
  version bigint not null default 1,
  primary key (tenant_id, id),
  check (denied_at is null or approved_at is null),
  check ((approved_at is null) = (grant_id is null)),
  check ((instance_id is null) = (redeemed_at is null)),
  check (redeemed_at is null or approved_at is not null)
) partition by range (id);
create table device_default partition of device default;
create index device_user_code on device (tenant_id, user_code_hash);
`,
};
