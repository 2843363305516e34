import { eventTypePattern, operation, queryBoolean, queryIndex } from '@signet/contracts';
import { z } from 'zod';

export const exportFormats = ['ndjson', 'ocsf'] as const;

/** `GET /audit/v1/export`: what its guard asks for, what a refusal is recorded as, and its query. */
export const exportEvents = operation({
  service: 'audit',
  collection: 'events',
  id: 'exportEvents',
  method: 'GET',
  path: '/export',
  permission: 'events:read',
  summary: "Export a tenant's audit log",
  query: z.strictObject({
    format: z.enum(exportFormats).default('ndjson'),
    after: queryIndex.optional(),
    since: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
    type: eventTypePattern.optional(),
    personal: queryBoolean.default(false),
  }),
});
