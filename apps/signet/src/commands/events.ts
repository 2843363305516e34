import { envelope, eventTypePattern, findTenant, queryEntries, type Envelope } from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { z } from 'zod';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';
import { harmless } from '../harmless.js';

interface Row {
  readonly event: Envelope;
  /** In the log, where that is told. */
  readonly index?: number;
}

/** One line a person reads: when, what, to whom, by whom, why. */
export function describeEvent({ event, index }: Row): string {
  const facts = [
    event.aggregate,
    `by ${event.actor}`,
    ...(event.client === undefined ? [] : [`client ${event.client}`]),
    ...(event.reason === undefined ? [] : [`(${event.reason})`]),
  ];
  const place = index === undefined ? [] : [`#${index}`];
  return [event.time, ...place, event.type, ...facts].join('  ');
}

/** Whether a type is the one that is wanted, or begins as it says with `.*`. */
export const isWanted = (type: string, wanted: string | undefined): boolean =>
  wanted === undefined || type === wanted || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)));

type Query = z.input<typeof queryEntries.request>;

/** Throws CommandFailed for what is neither a type of event nor what types begin with and `.*`. */
export function ensureType(type: string | undefined): void {
  if (type !== undefined && !eventTypePattern.safeParse(type).success)
    throw new CommandFailed(`${type} is no type of event, nor what types begin with and .*`);
}

/** An answer ends where a message is full; the next one goes on before its last entry. */
export async function newest(
  requester: Pick<Requester, 'request'>,
  filters: Omit<Query, 'limit' | 'before'>,
  limit: number,
) {
  const entries: z.output<typeof queryEntries.response>['entries'] = [];
  for (let more = true; more && entries.length < limit;) {
    const before = entries.at(-1)?.id;
    const query = { ...filters, limit: limit - entries.length, ...(before !== undefined && { before }) };
    const answer = await requester.request(queryEntries, query);
    entries.push(...answer.entries);
    more = answer.more && answer.entries.length > 0;
  }
  return entries;
}

export const eventsList = command({
  words: ['events', 'list'],
  summary:
    "Lists a tenant's audit log, newest first; that is an event of the log. --personal opens personal parts. TYPE may end with .*",
  usage:
    '[--tenant SLUG] [--type TYPE] [--account ID] [--client ID] [--session ID] [--since TIME] [--limit N] [--personal] [--json]',
  options: {
    tenant: { type: 'string', default: 'default' },
    type: { type: 'string' },
    account: { type: 'string' },
    client: { type: 'string' },
    session: { type: 'string' },
    since: { type: 'string' },
    limit: { type: 'string', default: '50' },
    personal: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  run: async ({ tenant: slug, limit, json, ...filters }, context) => {
    ensureType(filters.type);
    const wanted = Number(limit);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > 500) throw new CommandFailed('--limit is 1 to 500');
    const entries = await asOperator(context, async (requester) => {
      const tenant = await requester.request(findTenant, { slug });
      return newest(requester, { tenantId: tenant.id, command: 'events-list', ...filters }, wanted);
    });
    for (const { leaf, index, personal } of entries) {
      const event = envelope.parse(JSON.parse(Buffer.from(leaf, 'base64url').toString('utf8')));
      context.out(harmless(json ? JSON.stringify({ ...event, index, personal }) : describeEvent({ event, index })));
    }
  },
});
