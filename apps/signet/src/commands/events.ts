import { envelope, findTenant, queryEntries, type Envelope } from '@signet/contracts';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';

interface Row {
  readonly event: Envelope;
  readonly index: number;
  readonly personal: Readonly<Record<string, unknown>> | null;
}

/** One line a person reads: when, what, to whom, by whom, why. */
export function describeEvent({ event, index }: Row): string {
  const facts = [
    event.aggregate,
    `by ${event.actor}`,
    ...(event.client === undefined ? [] : [`client ${event.client}`]),
    ...(event.reason === undefined ? [] : [`(${event.reason})`]),
  ];
  return `${event.time}  #${index}  ${event.type}  ${facts.join('  ')}`;
}

export const eventsList = command({
  words: ['events', 'list'],
  summary: "Lists a tenant's audit log, newest first.",
  usage:
    '[--tenant SLUG] [--type TYPE] [--account ID] [--client ID] [--session ID] [--since TIME] [--limit N] [--json]',
  options: {
    tenant: { type: 'string', default: 'default' },
    type: { type: 'string' },
    account: { type: 'string' },
    client: { type: 'string' },
    session: { type: 'string' },
    since: { type: 'string' },
    limit: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
  run: async ({ tenant: slug, limit, json, ...filters }, context) => {
    const wanted = Number(limit);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > 500) throw new CommandFailed('--limit is 1 to 500');
    const entries = await asOperator(context, async (requester) => {
      const tenant = await requester.request(findTenant, { slug });
      const answer = await requester.request(queryEntries, { tenantId: tenant.id, limit: wanted, ...filters });
      return answer.entries;
    });
    for (const { leaf, index, personal } of entries) {
      const event = envelope.parse(JSON.parse(Buffer.from(leaf, 'base64url').toString('utf8')));
      context.out(json ? JSON.stringify({ ...event, index, personal }) : describeEvent({ event, index, personal }));
    }
  },
});
