import { operation } from '@signet/contracts';

/** `GET /audit/v1/stream`: what its guard asks for, and what a refusal is recorded as. */
export const streamEvents = operation({
  service: 'audit',
  collection: 'events',
  id: 'streamEvents',
  method: 'GET',
  path: '/stream',
  permission: 'events:read',
  summary: "Follow a tenant's audit log",
});
