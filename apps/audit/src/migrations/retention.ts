import type { Migration } from '@signet/persistence';

export const retention: Migration = {
  name: 'retention',
  up: `
-- What the log may have let go of: entries of the class whose ids lie before. One that comes again is not new.
create table retention (
  tenant_id uuid not null,
  class text not null,
  before uuid not null,
  primary key (tenant_id, class)
);
`,
};
