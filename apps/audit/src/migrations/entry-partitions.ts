import type { Migration } from '@signet/persistence';

/**
 * Partitions are what could be let go of as a whole: by class, and by the month of the id, whose head is the event's time. Nothing is unique over
 * partitions but by the one fenced writer, who numbers entries and knows each aggregate's last version.
 */
export const entryPartitions: Migration = {
  name: 'entry-partitions',
  up: `
alter table entry rename to entry_whole;
alter table entry_whole drop constraint entry_pkey, drop constraint entry_ordinal_key, drop constraint entry_id_key,
  drop constraint entry_tenant_id_aggregate_aggregate_version_key;
drop index entry_of_type, entry_of_account, entry_of_client, entry_of_session, entry_in_stream, entry_of_stream,
  entry_of_tenant, entry_received;

create table entry (
  class text not null,
  tenant_id uuid not null,
  index bigint not null,
  ordinal bigint not null,
  id uuid not null,
  subject text not null,
  type text not null,
  aggregate text not null,
  aggregate_version bigint not null,
  actor text not null,
  account text,
  client text,
  session text,
  failed boolean not null,
  trace uuid,
  -- MACs of what is personal: null once its subject is erased.
  network_address bytea,
  network_prefix bytea,
  -- The exact bytes that the producer stored: what the log hashes.
  leaf bytea not null,
  -- Sealed under the key of personal_subject; null where there is none, or it did not fit its digest.
  personal bytea,
  personal_subject text,
  stream_created text not null,
  stream_sequence bigint not null,
  primary key (tenant_id, id, class)
) partition by list (class);
create table entry_authentication partition of entry for values in ('authentication') partition by range (id);
create table entry_authentication_default partition of entry_authentication default;
create table entry_tokens partition of entry for values in ('tokens') partition by range (id);
create table entry_tokens_default partition of entry_tokens default;
create table entry_administration partition of entry for values in ('administration') partition by range (id);
create table entry_administration_default partition of entry_administration default;
create table entry_audit partition of entry for values in ('audit') partition by range (id);
create table entry_audit_default partition of entry_audit default;

create index entry_at on entry (tenant_id, index);
create index entry_in_order on entry (ordinal);
create index entry_of_type on entry (tenant_id, type, id);
create index entry_of_aggregate on entry (tenant_id, aggregate, id);
create index entry_of_actor on entry (tenant_id, actor, id);
create index entry_of_account on entry (tenant_id, account, id) where account is not null;
create index entry_of_client on entry (tenant_id, client, id) where client is not null;
create index entry_of_session on entry (tenant_id, session, id) where session is not null;
create index entry_of_trace on entry (tenant_id, trace, id) where trace is not null;
create index entry_of_network on entry (tenant_id, network_prefix, id, network_address) where network_prefix is not null;
create index entry_of_failures on entry (tenant_id, id) where failed;
-- Written in the order of the log, and asked only by a consumer whose stream was made anew.
create index entry_in_stream on entry using brin (stream_created, stream_sequence);

-- Each stream that events came by, and the ordinals of the first and the last one.
create table stream (
  created text primary key,
  first bigint not null,
  last bigint not null
);

insert into stream (created, first, last) select stream_created, min(ordinal), max(ordinal) from entry_whole group by 1;

insert into entry (
  class, tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, actor, account, client, session, failed, trace,
  leaf, personal, personal_subject, stream_created, stream_sequence
)
select
  case
    when type like '%.management-call.%' or type like 'signet.authn.setup.%' or type like 'signet.token.key.%' then 'administration'
    when type like 'signet.authn.%' or type like 'signet.session.%' then 'authentication'
    when type like 'signet.token.%' then 'tokens'
    when type like 'signet.directory.%' then 'administration'
    else 'audit'
  end,
  tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version,
  coalesce(read.leaf ->> 'actor', 'anonymous'), account, client, session,
  type ~ '[.](failed|failures-summarised|refused|refusals-summarised|denied|replayed|reused|dead-lettered)[.]v1$',
  substring(read.leaf ->> 'traceparent' from '^[0-9a-f]{2}-([0-9a-f]{32})-')::uuid,
  entry_whole.leaf, personal, personal_subject, stream_created, stream_sequence
from entry_whole cross join lateral (
  select case when position('\\u0000' in text) = 0 then text::jsonb end as leaf
  from (select convert_from(entry_whole.leaf, 'UTF8') as text) as written
) as read;
drop table entry_whole;
`,
};
