import type { Migration } from '@signet/persistence';

export const forgottenNetworks: Migration = {
  name: 'forgotten-networks',
  up: `
-- Of an erased subject, the id of the entry up to which nobody can ask for its networks any more.
alter table subject_key add column networks_forgotten uuid;
`,
};
