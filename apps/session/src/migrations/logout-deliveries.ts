import type { Migration } from '@signet/persistence';

export const logoutDeliveries: Migration = {
  name: 'logout-deliveries',
  up: `
-- RFC 9562 section 5.7, for rows that a statement makes of others.
create function uuid_v7() returns uuid language sql volatile as $$
  select encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

-- That a client is to be told of a session's end, and how that went.
create table logout_delivery (
  tenant_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  -- Null once the account is erased.
  account_id uuid,
  client_id text not null,
  -- Of the floor that token commits before anybody is told; null where a floor stood already.
  raise_id uuid,
  created_at timestamptz not null,
  attempts integer not null,
  last_attempt_at timestamptz,
  -- The HTTP status of the last answer, or why there was none.
  last_answer text,
  -- While an attempt is under way: when another replica may take it over.
  next_attempt_at timestamptz not null,
  -- An hour after the first attempt.
  give_up_at timestamptz,
  finished_at timestamptz,
  outcome text check (outcome in ('delivered', 'dead_lettered')),
  -- Of its events; 0 before the first.
  version bigint not null,
  primary key (tenant_id, id),
  check ((finished_at is null) = (outcome is null))
);
create index logout_delivery_due on logout_delivery (tenant_id, client_id, next_attempt_at) where finished_at is null;
create index logout_delivery_failing on logout_delivery (tenant_id, client_id) where finished_at is null and attempts > 0;
create index logout_delivery_over on logout_delivery (finished_at) where finished_at is not null;
create index logout_delivery_of_session on logout_delivery (tenant_id, session_id, id);
create index logout_delivery_of_account on logout_delivery (tenant_id, account_id, id);
create index logout_delivery_of_client on logout_delivery (tenant_id, client_id, id);
create index logout_delivery_of_outcome on logout_delivery (tenant_id, outcome, id);
`,
};
