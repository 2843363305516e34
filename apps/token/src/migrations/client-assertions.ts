import type { Migration } from '@signet/persistence';

/** What a client has authenticated with (RFC 7523 section 3, item 7). A replay has the `exp` of the first, and so its partition. */
export const clientAssertions: Migration = {
  name: 'client_assertions',
  up: `
create table spent_assertion (
  tenant_id uuid not null,
  client_id text not null,
  jti_hash bytea not null check (length(jti_hash) = 32),
  expires_at timestamptz not null,
  primary key (tenant_id, client_id, jti_hash, expires_at)
) partition by range (expires_at);
create table spent_assertion_default partition of spent_assertion default;
`,
};
