import { z } from 'zod';
import { actor } from '../events/context.js';
import { envelope, eventOutcomes } from '../events/definition.js';
import { accountId, readId, sessionId, type IdPrefix } from '../ids.js';
import { clientId, text } from '../text.js';
import { listOf, listQuery, queryBoolean } from './lists.js';
import { operation } from './operation.js';
import { eventTypePattern } from './webhook-operations.js';

/** An event of the log in CloudEvents 1.0's JSON (section 3), as every reader of the log gets it. */
export const shownEvent = envelope
  .extend({
    logindex: z.int().nonnegative().describe("Its index in the tenant's log, from 0."),
  })
  .meta({ id: 'Event' });
export type ShownEvent = z.infer<typeof shownEvent>;

/** An id as the Management API shows it, or as events have it. */
const eitherId = <S extends z.ZodType<string, string>>(prefix: IdPrefix, id: S) =>
  z
    .string()
    .transform((given) => readId(prefix, given) ?? given)
    .pipe(id);

const actorFilter = actor.transform((given) => {
  const account = given.startsWith('account:') ? readId('acc', given.slice('account:'.length)) : undefined;
  return account === undefined ? given : `account:${account}`;
});

const about = { service: 'audit', collection: 'events', permission: 'events:read' } as const;
const personal = queryBoolean
  .default(false)
  .describe('Personal parts are shown, where they are not erased; `accounts:read` is needed too.');

export const eventOperations = {
  list: operation({
    ...about,
    id: 'listEvents',
    method: 'GET',
    path: '/events',
    summary: 'Search the audit log',
    description:
      'By the time of the events, the newest first or the oldest. An event that reaches the log late has its place by its time, also where pages have passed by; ' +
      'whoever must miss none follows the stream or the export, which go by the index. Each page that is answered is itself an event.',
    query: listQuery({
      since: z.iso.datetime({ offset: true }).optional().describe('From this instant on.'),
      until: z.iso.datetime({ offset: true }).optional().describe('Before this instant.'),
      type: eventTypePattern.optional().describe('One type, or all that begin so: `signet.token.*`.'),
      actor: actorFilter
        .optional()
        .describe('Who acted: `account:<id>`, `client:<id>`, `operator:<name>`, `service:<name>`, `anonymous`.'),
      account: eitherId('acc', accountId).optional().describe('Of whom it tells.'),
      client: clientId.optional(),
      session: eitherId('ses', sessionId).optional(),
      network: text(49, 1).optional().describe('An address, or a whole network: `192.0.2.0/24`, `2001:db8:1::/48`.'),
      outcome: z.enum(eventOutcomes).optional(),
      trace: z
        .string()
        .regex(/^[0-9a-f]{32}$/)
        .optional()
        .describe('Trace id (W3C Trace Context section 3.2.2.3).'),
      aggregate: text(200, 1).optional().describe('To what it happened, `<kind>:<id>`.'),
      order: z.enum(['newest', 'oldest']).default('newest'),
      personal,
    }),
    paged: true,
    response: { schema: listOf(shownEvent) },
    problems: ['insufficient-permission'],
  }),

  read: operation({
    ...about,
    id: 'readEvent',
    method: 'GET',
    path: '/events/{event_id}',
    summary: 'Read one event of the audit log',
    parameters: z.strictObject({ event_id: z.uuid().lowercase() }),
    query: z.strictObject({ personal }),
    response: { schema: shownEvent },
    problems: ['insufficient-permission'],
  }),
} as const;
