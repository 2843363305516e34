import type { Migration } from '@signet/persistence';

export const witnesses: Migration = {
  name: 'witnesses',
  up: `
-- Of each log, the size of what a witness has cosigned last: the next consistency proof starts there. The witness is named by its key.
create table witness_position (
  tenant_id uuid not null,
  witness text not null,
  size bigint not null,
  primary key (tenant_id, witness)
);
`,
};
