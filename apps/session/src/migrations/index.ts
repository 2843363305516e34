import type { Migration } from '@signet/persistence';
import { logoutDeliveries } from './logout-deliveries.js';

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
  {
    name: 'devices',
    up: `
alter table session
  -- The cookie stays when the browser is closed.
  add column remembered boolean not null default false,
  -- As the person is shown it: where the session began, and where it was seen last.
  add column user_agent text,
  add column began_ip text,
  add column seen_ip text;

-- Each time that the person proved who they are, by the version that the session had with it.
create table session_authentication (
  tenant_id uuid not null,
  session_id uuid not null,
  version bigint not null,
  auth_time timestamptz not null,
  acr text not null,
  amr text[] not null,
  primary key (tenant_id, session_id, version),
  foreign key (tenant_id, session_id) references session on delete cascade
);
insert into session_authentication (tenant_id, session_id, version, auth_time, acr, amr)
  select tenant_id, id, version, auth_time, acr, amr from session where ended_at is null;

-- For the lists of a tenant's live sessions: all of them, those of an account, those that a client takes part in.
create index session_live on session (tenant_id, id) where ended_at is null;
create index session_live_of_account on session (tenant_id, account_id, id) where ended_at is null;
drop index session_of_account;
create index participant_client on participant (tenant_id, client_id, session_id);
`,
  },
  logoutDeliveries,
];
