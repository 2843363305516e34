import { idempotencyKeys, type Migration } from '@signet/persistence';
import { entryPartitions } from './entry-partitions.js';
import { forgottenNetworks } from './forgotten-networks.js';
import { retention } from './retention.js';
import { tree } from './tree.js';
import { webhookLists } from './webhook-lists.js';
import { webhooks } from './webhooks.js';
import { witnesses } from './witnesses.js';

export const migrations: readonly Migration[] = [
  {
    name: 'log',
    up: `
-- One writer at a time. An append names the epoch that it was given, so a writer that was paused and overtaken can do no harm.
create table writer (
  single boolean primary key default true check (single),
  epoch bigint not null,
  holder uuid,
  held_until timestamptz not null,
  -- Of the last entry, over all tenants.
  ordinal bigint not null
);
insert into writer (epoch, held_until, ordinal) values (0, clock_timestamp(), 0);

create table log_head (
  tenant_id uuid primary key,
  size bigint not null
);

create table entry (
  tenant_id uuid not null,
  index bigint not null,
  ordinal bigint not null unique,
  id uuid not null unique,
  subject text not null,
  type text not null,
  aggregate text not null,
  aggregate_version bigint not null,
  account text,
  client text,
  session text,
  -- The exact bytes that the producer stored: what the log hashes.
  leaf bytea not null,
  -- Sealed under the key of personal_subject; null where there is none, or it did not fit its digest.
  personal bytea,
  personal_subject text,
  received_at timestamptz not null default clock_timestamp(),
  stream_created text not null,
  stream_sequence bigint not null,
  primary key (tenant_id, index),
  unique (tenant_id, aggregate, aggregate_version)
);
create index entry_of_type on entry (tenant_id, type, index);
create index entry_of_account on entry (tenant_id, account, index) where account is not null;
create index entry_of_client on entry (tenant_id, client, index) where client is not null;
create index entry_of_session on entry (tenant_id, session, index) where session is not null;
create index entry_in_stream on entry (stream_created, stream_sequence);

create table aggregate_position (
  tenant_id uuid not null,
  aggregate text not null,
  version bigint not null,
  primary key (tenant_id, aggregate)
);

-- A key for each subject's personal parts, sealed; to delete it is to erase them. Events without a subject share one a day.
create table subject_key (
  tenant_id uuid not null,
  subject text not null,
  key bytea not null,
  primary key (tenant_id, subject)
);
`,
  },
  {
    name: 'reading',
    up: `
create index entry_of_stream on entry (stream_created, ordinal);
create index entry_of_tenant on entry (tenant_id, ordinal);
create index entry_received on entry (received_at, ordinal);
`,
  },
  {
    name: 'erased-subjects',
    up: `
-- Of an erased subject the row stays without its key, so that none is made again for what is still on its way here.
alter table subject_key
  alter column key drop not null,
  add column erased_at timestamptz,
  add constraint subject_key_erased check ((key is null) = (erased_at is not null));
`,
  },
  entryPartitions,
  tree,
  idempotencyKeys,
  webhooks,
  witnesses,
  retention,
  webhookLists,
  forgottenNetworks,
];
