import type { Migration } from '@signet/persistence';

export const pairwiseSeeds: Migration = {
  name: 'pairwise-seeds',
  up: `
-- What pairwise subjects are made of. Two random UUIDs are 244 random bits; a volatile default gives each row, old ones too, its own.
alter table account add column pairwise_seed bytea not null
  default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
  check (octet_length(pairwise_seed) = 32);
`,
};
