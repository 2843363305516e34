import { z } from 'zod';
import { eventId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { text } from '../text.js';

/** Where a consumer of the event stream stands: which stream (by its time of creation) and how far in it. */
export const streamPosition = z.strictObject({ streamCreated: z.iso.datetime(), sequence: z.int().nonnegative() });
export type StreamPosition = z.infer<typeof streamPosition>;

export const logEntry = z.object({
  /** Global, gapless in commit order; for resuming. */
  ordinal: z.int().positive(),
  tenantId,
  /** Index in the tenant's log, from 0. */
  index: z.int().nonnegative(),
  id: eventId,
  subject: z.string(),
  /** The exact bytes that the producer stored, base64url. */
  leaf: z.base64url(),
});
export type LogEntry = z.infer<typeof logEntry>;

/** An answer ends where a message is full, so a short one says nothing: `more` does. */
const more = z.boolean().default(false);

/**
 * For consumers whose stream was made anew: what came after their position, from the log. Without a position, all. While there is
 * `more`, the rest comes after the ordinal `next`, also where an answer has no entries.
 */
export const rereadEntries = request('audit', 'entry', 'reread', {
  request: z.strictObject({
    after: z.union([streamPosition, z.strictObject({ ordinal: z.int().nonnegative() })]).optional(),
    /** NATS subject filters, `*` per token and `>` at the end. */
    subjects: z.array(z.string().max(200)).min(1).max(50),
    limit: z.int().min(1).max(500),
  }),
  response: z.object({ entries: z.array(logEntry), next: z.int().nonnegative(), more }),
  timeout: 5_000,
});

/**
 * Newest first, for operators; each answer is an event of the log. `personal`: personal parts are opened where their key still stands. The rest
 * comes before the last entry's id.
 */
export const queryEntries = request('audit', 'entry', 'query', {
  request: z.strictObject({
    tenantId,
    type: text(200).optional(),
    account: z.uuid().optional(),
    client: text(255).optional(),
    session: z.uuid().optional(),
    aggregate: text(200).optional(),
    since: z.iso.datetime().optional(),
    before: z.uuid().optional(),
    personal: z.boolean().default(false),
    /** Of the operator, as its event names the actor. */
    command: z
      .string()
      .regex(/^[a-z-]{1,50}$/)
      .default('signet'),
    limit: z.int().min(1).max(500),
  }),
  response: z.object({
    entries: z.array(logEntry.extend({ personal: z.record(z.string(), z.unknown()).nullable() })),
    more,
  }),
  timeout: 5_000,
});
