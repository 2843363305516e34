import type { Migration } from '@signet/persistence';

/** A generation is made once, whichever replica was first. */
export const keys: Migration = {
  name: 'keys',
  up: `
create table signing_key (
  tenant_id uuid not null,
  kid text not null,
  alg text not null check (alg in ('RS256', 'PS256', 'ES256', 'EdDSA')),
  generation integer not null check (generation > 0),
  public_jwk jsonb not null,
  private bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, kid),
  constraint signing_key_generation unique (tenant_id, alg, generation)
);
create index signing_key_created on signing_key (created_at);
`,
};
