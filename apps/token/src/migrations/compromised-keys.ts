import type { Migration } from '@signet/persistence';

/** A key that became known is used and taken by nobody from then on; its private half is gone. */
export const compromisedKeys: Migration = {
  name: 'compromised-keys',
  up: `
alter table tenant_key add column compromised_at timestamptz;
alter table tenant_key alter column private drop not null;
alter table tenant_key add constraint tenant_key_compromised check ((private is null) = (compromised_at is not null));
create index tenant_key_compromised on tenant_key (compromised_at) where compromised_at is not null;
`,
};
