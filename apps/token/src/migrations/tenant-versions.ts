import type { Migration } from '@signet/persistence';

/** Floors of versions for tenants, too. */
export const tenantVersions: Migration = {
  name: 'tenant-versions',
  up: `
alter table floor
  drop constraint floor_kind_check,
  drop constraint floor_check1,
  add constraint floor_kind check (kind in ('token', 'instance', 'session', 'grant', 'account', 'client', 'tenant',
    'client_version', 'account_version', 'tenant_version')),
  add constraint floor_version check ((version is not null) = (kind in ('client_version', 'account_version', 'tenant_version')));
`,
};
