import type { Migration } from '@signet/persistence';

export const migrations: readonly Migration[] = [
  {
    name: 'session',
    up: `
create table session (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  organisation_id uuid,
  secret_hash bytea not null check (length(secret_hash) = 32),
  -- Of the sign-in that it stands on: what floors are held against.
  since timestamptz not null,
  auth_time timestamptz not null,
  acr text not null,
  amr text[] not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_seconds integer not null check (idle_seconds > 0),
  -- Never later than absolute_expires_at.
  idle_expires_at timestamptz not null,
  absolute_expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  version bigint not null,
  primary key (tenant_id, id),
  check ((ended_at is null) = (end_reason is null)),
  check (idle_expires_at <= absolute_expires_at)
);
create index session_expiring on session (idle_expires_at) where ended_at is null;
create index session_of_account on session (tenant_id, account_id) where ended_at is null;
create index session_over on session (ended_at) where ended_at is not null;

-- Which clients take part in a session.
create table participant (
  tenant_id uuid not null,
  session_id uuid not null,
  client_id text not null,
  joined_at timestamptz not null,
  primary key (tenant_id, session_id, client_id),
  foreign key (tenant_id, session_id) references session on delete cascade
);
`,
  },
  {
    name: 'ended-of-account',
    up: `
create index session_ended_of_account on session (tenant_id, account_id) where ended_at is not null;
`,
  },
];
