import type { Migration } from '@signet/persistence';

export const unchangedConfiguration: Migration = {
  name: 'unchanged-configuration',
  up: `
-- Of the versions that a plan's objects had when it was applied. Without: not known.
alter table configuration_plan add column fingerprint bytea;
create index on configuration_plan (digest, fingerprint);
`,
};
