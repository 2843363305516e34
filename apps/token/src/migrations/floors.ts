import type { Migration } from '@signet/persistence';

/**
 * `at` is held against `since`, and the others have none: ids of tokens, instances and sessions are never used again.
 * `spare_after`: of the spared session, what began after it lives on. `raise` knows the raises of floors that have a time, so that
 * a repeat keeps the first one.
 */
export const floors: Migration = {
  name: 'floors',
  up: `
create table floor (
  tenant_id uuid not null,
  kind text not null check (kind in ('token', 'instance', 'session', 'grant', 'account', 'client', 'tenant', 'client_version', 'account_version')),
  key text not null,
  reason text not null,
  at timestamptz,
  spare_session_id uuid,
  spare_since timestamptz,
  spare_after timestamptz,
  version bigint,
  expires_at timestamptz,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, kind, key),
  check ((at is not null) = (kind in ('grant', 'account', 'client', 'tenant'))),
  check ((version is not null) = (kind in ('client_version', 'account_version'))),
  check ((expires_at is not null) = (kind in ('token', 'instance', 'session'))),
  check (num_nonnulls(spare_session_id, spare_since, spare_after) in (0, 3)),
  check (spare_session_id is null or kind = 'account')
);
create index floor_changed on floor (changed_at);
create index floor_expires on floor (expires_at) where expires_at is not null;

create table raise (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  key text not null,
  raised_at timestamptz not null default clock_timestamp(),
  redated_at timestamptz,
  primary key (tenant_id, id, kind, key)
);
create index raise_raised on raise (raised_at);
`,
};
