import type { Migration } from '@signet/persistence';

/**
 * `version` of a grant counts what a person said about it: 0 is a grant that nobody was asked for. A code and a family inherit the
 * sign-in that they rest on. An instance is what came of one redemption: its id stands in the code and in the family, if there is one.
 */
export const grants: Migration = {
  name: 'grants',
  up: `
create table "grant" (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  client_id text not null,
  organisation_id uuid,
  scopes text[] not null,
  version bigint not null check (version >= 0),
  created_at timestamptz not null default clock_timestamp(),
  agreed_at timestamptz,
  primary key (tenant_id, id),
  constraint grant_account_client unique (tenant_id, account_id, client_id),
  check ((agreed_at is null) = (version = 0))
);

create table code (
  tenant_id uuid not null,
  id uuid not null,
  hash bytea not null check (length(hash) = 32),
  client_id text not null,
  redirect_uri text not null,
  code_challenge text,
  nonce text,
  scopes text[] not null,
  resources text[] not null,
  grant_id uuid not null,
  account_id uuid not null,
  sub text not null,
  organisation_id uuid,
  session_id uuid not null,
  session_expires_at timestamptz not null,
  since timestamptz not null,
  auth_time timestamptz not null,
  acr text not null,
  amr text[] not null,
  version bigint not null default 1,
  expires_at timestamptz not null,
  instance_id uuid,
  redeemed_at timestamptz,
  primary key (tenant_id, id),
  check ((instance_id is null) = (redeemed_at is null))
) partition by range (id);
create table code_default partition of code default;

create table family (
  tenant_id uuid not null,
  id uuid not null,
  client_id text not null,
  instance_id uuid not null,
  grant_id uuid not null,
  account_id uuid not null,
  sub text not null,
  organisation_id uuid,
  session_id uuid not null,
  session_expires_at timestamptz,
  since timestamptz not null,
  auth_time timestamptz not null,
  acr text not null,
  amr text[] not null,
  scopes text[] not null,
  resources text[] not null,
  generation bigint not null default 0,
  repeats integer not null default 0,
  rotated_at timestamptz,
  version bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  absolute_expires_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, id),
  check (expires_at <= least(absolute_expires_at, session_expires_at))
);
create index family_expires on family (expires_at);
create index family_instance on family (tenant_id, instance_id);
create index family_session on family (tenant_id, session_id);

-- Raised after a restore from backup, which would bring spent generations back to life.
create table epoch (
  single boolean primary key default true check (single),
  value integer not null check (value > 0)
);
insert into epoch (value) values (1);
`,
};
