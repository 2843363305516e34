import { idempotencyKeys, type Migration } from '@signet/persistence';

/** What the Management API keeps of requests, and what it finds objects by. */
export const management: Migration = {
  name: 'management',
  up: `${idempotencyKeys.up}
create index scope_resource_server on scope (tenant_id, resource_server);
`,
};
