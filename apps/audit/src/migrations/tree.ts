import type { Migration } from '@signet/persistence';

export const tree: Migration = {
  name: 'tree',
  up: `
-- A tenant's Merkle tree: its key, made with it and kept for good, and what was last signed. It is written under the writer's epoch alone, and
-- never goes back.
create table tree (
  tenant_id uuid primary key,
  -- The log's URL prefix without its scheme, as it was when the key was made.
  origin text not null unique,
  public_key bytea not null,
  -- PKCS #8, sealed.
  private_key bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  size bigint not null,
  root bytea not null,
  -- The signed note; null before the first.
  checkpoint text,
  signed_at timestamptz,
  -- The latest checkpoint that witnesses have cosigned, with their signatures.
  witnessed_size bigint,
  witnessed text,
  check ((checkpoint is null) = (size = 0))
);

-- C2SP tlog-tiles: up to 256 hashes; the last of each level grows in place.
create table tile (
  tenant_id uuid not null,
  level smallint not null,
  index bigint not null,
  hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
  primary key (tenant_id, level, index)
);
-- Hashes do not compress.
alter table tile alter column hashes set storage external;
`,
};
