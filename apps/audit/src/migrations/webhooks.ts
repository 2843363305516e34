import type { Migration } from '@signet/persistence';

export const webhooks: Migration = {
  name: 'webhooks',
  up: `
create table webhook (
  tenant_id uuid not null,
  id uuid not null,
  url text not null,
  description text not null,
  types text[] not null,
  enabled boolean not null,
  -- Why Signet disabled it.
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  -- Sealed.
  secret bytea not null,
  -- Signs as well, for a while after a rotation.
  previous_secret bytea,
  previous_until timestamptz,
  -- Of the first failure since the last success.
  failing_since timestamptz,
  version bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  check (not enabled or disabled_reason is null),
  check ((previous_secret is null) = (previous_until is null))
);

-- How far the log has been looked through for it: the index of the first entry that was not.
create table webhook_position (
  tenant_id uuid not null,
  webhook_id uuid not null,
  next bigint not null,
  primary key (tenant_id, webhook_id),
  foreign key (tenant_id, webhook_id) references webhook (tenant_id, id) on delete cascade
);

-- Entries that are under way to it, and for a while what became of them. The log itself holds everything that comes after.
create table webhook_delivery (
  tenant_id uuid not null,
  webhook_id uuid not null,
  index bigint not null,
  event_id uuid not null,
  type text not null,
  aggregate text not null,
  attempts integer not null default 0,
  -- While it is under way: until when no other replica takes it.
  next_attempt_at timestamptz not null default clock_timestamp(),
  last_attempt_at timestamptz,
  last_answer text,
  outcome text check (outcome in ('delivered', 'dead_lettered')),
  finished_at timestamptz,
  version bigint not null default 0,
  primary key (tenant_id, webhook_id, index),
  foreign key (tenant_id, webhook_id) references webhook (tenant_id, id) on delete cascade,
  check ((outcome is null) = (finished_at is null))
);
create index webhook_delivery_under_way on webhook_delivery (tenant_id, webhook_id, aggregate, index) where finished_at is null;
create index webhook_delivery_due on webhook_delivery (tenant_id, webhook_id, next_attempt_at) where finished_at is null;
create index webhook_delivery_finished on webhook_delivery (finished_at) where finished_at is not null;
`,
};
