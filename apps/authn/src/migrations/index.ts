import type { Migration } from '@signet/persistence';

export const migrations: readonly Migration[] = [
  {
    name: 'password',
    up: `
create table password (
  tenant_id uuid not null,
  account_id uuid not null,
  -- argon2id, in PHC string format.
  hash text not null check (hash like '$argon2id$%'),
  -- Keyed digest of what a configuration declared; null where the person has set another since.
  declared_digest bytea check (length(declared_digest) = 32),
  changed_at timestamptz not null,
  version bigint not null,
  primary key (tenant_id, account_id)
);
`,
  },
  {
    name: 'guessing',
    up: `
-- Token buckets against guessing, shared by replicas. The key is a hash: of an identifier, of account and device, of a network.
create table guess_bucket (
  tenant_id uuid not null,
  kind text not null check (kind in ('account', 'device', 'network')),
  key bytea not null check (length(key) = 32),
  tokens double precision not null,
  refilled_at timestamptz not null,
  -- Whether the last try found a token.
  allowed boolean not null,
  -- When it will be full again, and may be forgotten.
  full_at timestamptz not null,
  primary key (tenant_id, kind, key)
);
create index guess_bucket_full on guess_bucket (full_at);
`,
  },
  {
    name: 'user-code-guessing',
    up: `
alter table guess_bucket drop constraint guess_bucket_kind_check;
alter table guess_bucket add constraint guess_bucket_kind_check
  check (kind in ('account', 'device', 'network', 'user_code_network', 'user_code_session'));
`,
  },
  {
    name: 'forgotten-credentials',
    up: `
-- Of an erased account the row stays without a password, so that none is set for it by what is still on its way here.
alter table password
  alter column hash drop not null,
  add column forgotten_at timestamptz,
  add constraint password_forgotten check ((hash is null) = (forgotten_at is not null)),
  add constraint password_forgotten_whole check (forgotten_at is null or declared_digest is null);
`,
  },
  {
    name: 'setup',
    up: `
-- The code that makes a tenant's first administrator, and, once it is claimed, whom; until the directory has made the account.
create table setup (
  tenant_id uuid primary key,
  id uuid not null,
  hash bytea not null check (length(hash) = 32),
  expires_at timestamptz not null,
  claimed_at timestamptz,
  account_id uuid,
  username text,
  claims jsonb,
  -- When the directory was asked last.
  tried_at timestamptz,
  finished_at timestamptz,
  version bigint not null,
  check ((claimed_at is null) = (account_id is null)),
  check (finished_at is null or claimed_at is not null),
  check ((username is not null and claims is not null and tried_at is not null) = (claimed_at is not null and finished_at is null))
);

alter table guess_bucket drop constraint guess_bucket_kind_check;
alter table guess_bucket add constraint guess_bucket_kind_check
  check (kind in ('account', 'device', 'network', 'user_code_network', 'user_code_session', 'setup_code_network'));
`,
  },
];
