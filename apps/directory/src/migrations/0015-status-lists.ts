import type { Migration } from '@signet/persistence';

export const statusLists: Migration = {
  name: 'status-lists',
  up: `
-- Whether its access tokens have a place in a status list.
alter table resource_server add column status_list boolean not null default false;
`,
};
