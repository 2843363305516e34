import type { Migration } from '@signet/persistence';

/** Floors of what roles give in a tenant. */
export const authorityVersions: Migration = {
  name: 'authority-versions',
  up: `
alter table floor
  drop constraint floor_kind,
  drop constraint floor_version,
  add constraint floor_kind check (kind in ('token', 'instance', 'session', 'grant', 'account', 'client', 'tenant',
    'client_version', 'account_version', 'tenant_version', 'authority_version')),
  add constraint floor_version check ((version is not null) = (kind in ('client_version', 'account_version', 'tenant_version', 'authority_version')));
`,
};
