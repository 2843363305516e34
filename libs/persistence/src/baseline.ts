import type { Migration } from './migrate.js';

/** What every service's schema begins with. Released text never changes; additions are new migrations after it. */
export const baseline: readonly Migration[] = [
  {
    name: 'outbox',
    up: `
create table outbox (
  id uuid primary key,
  tenant_id uuid not null,
  subject text not null,
  aggregate text not null,
  aggregate_version bigint not null,
  leaf bytea not null,
  personal bytea,
  sent_at timestamptz
) partition by range (id);
create table outbox_default partition of outbox default;
create index outbox_sending on outbox (sent_at nulls first, id);
create index outbox_unsent_versions on outbox (aggregate, aggregate_version) where sent_at is null;

-- The leaf: its bytes are what the log hashes. A null member of "extra" says nothing; "data" is merged, the rest is replaced.
create function event_leaf(head jsonb, extra jsonb, version bigint) returns bytea language sql stable parallel safe as $$
  select convert_to((
    head
    || coalesce(jsonb_strip_nulls(extra), '{}')
    || case when jsonb_typeof(extra -> 'data') = 'object'
         then jsonb_build_object('data', coalesce(head -> 'data', '{}') || jsonb_strip_nulls(extra -> 'data'))
         else '{}' end
    || jsonb_build_object('aggregateversion', version)
  )::text, 'UTF8')
$$;

-- Volatile, for a RETURNING clause or a data-modifying WITH: Postgres does not run a SELECT in WITH that nobody reads.
create function record_event(
  p_id uuid, p_tenant uuid, p_subject text, p_aggregate text, p_version bigint, p_head jsonb, p_extra jsonb, p_personal bytea
) returns uuid language plpgsql volatile as $$
begin
  insert into outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf, personal)
  values (p_id, p_tenant, p_subject, p_aggregate, p_version, event_leaf(p_head, p_extra, p_version), p_personal);
  return p_id;
end
$$;

-- The same with the whole event as one parameter, as eventParameter makes it.
create function record_event(p_event jsonb, p_version bigint, p_extra jsonb default null) returns uuid language sql volatile as $$
  select record_event(
    (p_event ->> 'id')::uuid, (p_event ->> 'tenantId')::uuid, p_event ->> 'subject', p_event ->> 'aggregate',
    p_version, p_event -> 'head', p_extra, decode(p_event ->> 'personal', 'base64')
  )
$$;
`,
  },
  {
    name: 'owner_state',
    up: `
create table unraised_floor (
  id uuid primary key,
  tenant_id uuid not null,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);
create table consumer_position (
  consumer text primary key,
  -- RFC 3339 as NATS tells it: nanoseconds, which a timestamptz would cut.
  stream_created text not null,
  sequence bigint not null
);
create table applied_plan (
  plan_id text primary key,
  digest text not null,
  applied_at timestamptz not null default clock_timestamp()
);
`,
  },
  {
    name: 'origin',
    up: `
-- Which database this is, so that one that was restored from a backup is known.
create table origin (
  single boolean primary key default true check (single),
  -- Of this very table: who restores a dump makes it anew, under another number.
  relation oid not null,
  -- Of the server's log, which a recovery to a point in time leaves, as a failover does; null where the server does not say.
  timeline bigint,
  -- When it was declared last that this is a backup restored.
  restored_at timestamptz
);
do $$
declare
  found bigint;
begin
  begin
    found := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint;
  exception when others then
    found := null;
  end;
  insert into origin (relation, timeline) values ('origin'::regclass, found);
end
$$;
`,
  },
  {
    name: 'installation',
    up: `
-- Whose database this is, so that a second installation is known. No row: nobody's yet.
create table installation (
  single boolean primary key default true check (single),
  issuer text not null,
  -- Check values of keys of the keyring.
  keys text[] not null
);
-- A step that contracts names here an earlier one: a version that does not know that one cannot run on what it leaves.
alter table migration_digest add column if not exists needs text;
`,
  },
  {
    name: 'outbox_set_aside',
    up: `
-- Why audit did not take the event when it came last. Its sent_at then lies in the future: that long it is not sent again.
alter table outbox add column set_aside text;
create index outbox_set_aside on outbox (id) where set_aside is not null;
`,
  },
  {
    name: 'outbox_waits',
    up: `
create index outbox_waits on outbox (tenant_id, aggregate, aggregate_version) where set_aside = 'waits';
`,
  },
];
