import type { Migration } from '@signet/persistence';

/** What has ended is listed and forgotten by its outcome; what is under way is no more than a window. */
export const webhookLists: Migration = {
  name: 'webhook-lists',
  up: `
create index webhook_delivery_of_outcome on webhook_delivery (tenant_id, webhook_id, outcome, index) where finished_at is not null;
create index webhook_delivery_to_forget on webhook_delivery (outcome, finished_at) where finished_at is not null;
drop index webhook_delivery_finished;
`,
};
