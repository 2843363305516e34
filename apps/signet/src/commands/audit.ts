import { eventId, findLogKey, findTenant, proveEntry } from '@signet/contracts';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';

const tenant = { type: 'string', default: 'default' } as const;

export const auditKey = command({
  words: ['audit', 'key'],
  summary:
    "Prints the key that a tenant's log is verified with. It is for good: keep it where the log's operator cannot change it.",
  usage: '[--tenant SLUG]',
  options: { tenant },
  run: async ({ tenant: slug }, context) => {
    const { key } = await asOperator(context, async (requester) => {
      const { id } = await requester.request(findTenant, { slug });
      return requester.request(findLogKey, { tenantId: id });
    });
    context.out(key);
  },
});

export const auditProve = command({
  words: ['audit', 'prove'],
  summary:
    'Prints a proof that an event is in the log: the event, its path, the checkpoint. Whoever has the key can check it.',
  usage: 'EVENT_ID [--tenant SLUG]',
  options: { tenant },
  argument: 'id of an event',
  run: async ({ tenant: slug }, context, given) => {
    const id = eventId.safeParse(given);
    if (!id.success) throw new CommandFailed(`${given} is no id of an event`);
    const { proof } = await asOperator(context, async (requester) => {
      const found = await requester.request(findTenant, { slug });
      return requester.request(proveEntry, { tenantId: found.id, id: id.data });
    });
    context.out(proof.trimEnd());
  },
});
