import type { Migration } from '@signet/persistence';

/**
 * What proofs of possession were brought (RFC 9449 section 11.1); a replay has the `iat` of the first, and so its partition. A code is
 * bound to the key that `dpop_jkt` named, a family of a public client to the one that it was redeemed with.
 */
export const dpop: Migration = {
  name: 'dpop',
  up: `
create table dpop_proof (
  tenant_id uuid not null,
  jkt bytea not null check (length(jkt) = 32),
  jti_hash bytea not null check (length(jti_hash) = 32),
  issued_at timestamptz not null,
  primary key (tenant_id, jkt, jti_hash, issued_at)
) partition by range (issued_at);
create table dpop_proof_default partition of dpop_proof default;

alter table code add column dpop_jkt text;
alter table family add column jkt text;
`,
};
