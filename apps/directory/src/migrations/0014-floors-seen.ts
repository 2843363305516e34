import type { Migration } from '@signet/persistence';

/** What was under way when the floors of an erasure were committed is over some seconds later, and not before. */
export const floorsSeen: Migration = {
  name: 'floors-seen',
  up: `
alter table unforgotten add column floors_seen_at timestamptz;
drop index unforgotten_created;
create index unforgotten_floors_unseen on unforgotten (raise_id) where floors_seen_at is null;
create index unforgotten_floors_seen on unforgotten (floors_seen_at);
`,
};
