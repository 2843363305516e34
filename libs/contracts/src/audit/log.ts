import { z } from 'zod';
import { eventId, tenantId } from '../ids.js';
import { operation } from '../management/operation.js';
import { request } from '../request.js';

/** Below the public origin; `/t/<slug>` of another tenant follows. */
export const logPath = '/audit/v1/log';

/** The verifier key (C2SP signed-note) of a tenant's log, which is for good. `not_found`: the log has no entry yet. */
export const findLogKey = request('audit', 'log', 'find-key', {
  request: z.strictObject({ tenantId }),
  response: z.object({ origin: z.string(), key: z.string() }),
  errors: ['not_found'],
});

/**
 * That an event is in the log, as C2SP tlog-proof has it, with the event's bytes as its extra data. `not_found`: it is not in the log, or its entry
 * was dropped; `failed_precondition`: it is, and no checkpoint covers it yet, which takes a second.
 */
export const proveEntry = request('audit', 'log', 'prove', {
  request: z.strictObject({ tenantId, id: eventId }),
  response: z.object({ proof: z.string() }),
  errors: ['not_found', 'failed_precondition'],
});

/** What the guard of bundles and of inclusion proofs asks for, and what a refusal is recorded as. */
export const readLogEntries = operation({
  service: 'audit',
  collection: 'events',
  id: 'readLogEntries',
  method: 'GET',
  path: '/log/tile/entries',
  permission: 'events:read',
  summary: "Read the entries of a tenant's log",
});
