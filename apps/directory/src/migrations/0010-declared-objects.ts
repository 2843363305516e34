import type { Migration } from '@signet/persistence';

export const declaredObjects: Migration = {
  name: 'declared-objects',
  up: `
-- What configurations have declared, with the version that it had when one last did: a later one is by something else. Names no object
-- by its name, which may be personal.
create table declared_object (
  tenant_id uuid not null references tenant (id),
  kind text not null,
  id text not null,
  version integer not null,
  plan_id uuid not null,
  applied_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, kind, id)
);
-- A file that stands is to be looked at once more, so that what it declares is kept.
update configuration_plan set fingerprint = null;
`,
};
