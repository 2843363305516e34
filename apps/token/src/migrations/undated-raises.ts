import type { Migration } from '@signet/persistence';

/** What has been committed and not dated after it; there is hardly ever one. */
export const undatedRaises: Migration = {
  name: 'undated-raises',
  up: `create index raise_undated on raise (raised_at) where redated_at is null;`,
};
