import type { Migration } from '@signet/persistence';

/** For the erasure of an account. */
export const familiesOfAccounts: Migration = {
  name: 'families_of_accounts',
  up: `
create index family_account on family (tenant_id, account_id);
`,
};
