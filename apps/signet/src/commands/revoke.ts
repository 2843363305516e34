import {
  accountId,
  clientId,
  grantId,
  readId,
  sessionId,
  showId,
  tenantId,
  type IdPrefix,
  type TenantId,
} from '@signet/contracts';
import { DatabaseUnavailable } from '@signet/persistence';
import type { Revocation } from '@signet/token';
import type { z } from 'zod';
import { command, CommandFailed, type CommandContext } from '../command.js';
import { databaseUrlOf } from '../database-url.js';

const options = {
  tenant: { type: 'string' },
  reason: { type: 'string', default: 'revoked_by_operator' },
} as const;
type Values = { tenant?: string | undefined; reason: string };

function idOf<S extends z.ZodType<string>>(prefix: IdPrefix, schema: S, shown: string): z.output<S> {
  const read = schema.safeParse(readId(prefix, shown));
  if (!read.success) throw new CommandFailed(`${shown} is no id of this kind: it begins with ${prefix}_`);
  return read.data;
}

/** Needs token's database alone: neither NATS nor any service. */
async function revoke(
  context: CommandContext,
  asked: { readonly tenantId: TenantId | undefined; readonly revocation: Revocation; readonly reason: string },
  shown: string,
): Promise<void> {
  const { reason } = asked;
  if (reason.length === 0 || reason.length > 100) throw new CommandFailed('--reason has 1 to 100 characters');
  const url = databaseUrlOf('token', context);
  const { revokeAtDatabase } = await import('@signet/token');
  const allowUnsafeDurability = context.environment['SIGNET_TEST'] === '1';
  const done = await revokeAtDatabase({ url, allowUnsafeDurability }, asked).catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable)
      throw new CommandFailed(`token's database does not answer: ${error.message}`);
    throw error;
  });
  switch (done.outcome) {
    case 'unknown_tenant':
      throw new CommandFailed("token's database knows no such tenant");
    case 'which_tenant':
      throw new CommandFailed("token's database does not know one tenant alone: --tenant names it by its id");
    case 'revoked':
      context.out(`revoked: ${shown}, of tenant ${showId('ten', done.tenantId)}`);
      if (done.rests === undefined) context.out('whether token knew anything that rests on it could not be looked up');
      else if (!done.rests) context.out('token knew nothing that rests on it: is the id right?');
  }
}

const revokeCommand = (
  kind: 'account' | 'session' | 'grant' | 'client',
  summary: string,
  revocationOf: (shown: string) => Revocation,
) =>
  command({
    words: ['revoke', kind],
    summary,
    usage: `${kind === 'client' ? 'CLIENT_ID' : 'ID'} [--tenant ID] [--reason TEXT]`,
    options,
    argument: kind === 'client' ? 'client_id' : `id of ${kind === 'account' ? 'an' : 'a'} ${kind}`,
    run: ({ tenant, reason }: Values, context, given) =>
      revoke(
        context,
        {
          tenantId: tenant === undefined ? undefined : idOf('ten', tenantId, tenant),
          ...{ revocation: revocationOf(given), reason },
        },
        `${kind} ${given}`,
      ),
  });

export const revokeAccount = revokeCommand(
  'account',
  "Ends all that an account has at once: sessions, tokens, refresh tokens. Like every revoke, it needs token's database alone.",
  (shown) => ({ kind: 'account', id: idOf('acc', accountId, shown) }),
);

export const revokeSession = revokeCommand('session', 'Ends a session, and the online tokens of it.', (shown) => ({
  ...{ kind: 'session', id: idOf('ses', sessionId, shown) },
}));

export const revokeGrant = revokeCommand(
  'grant',
  'Ends what an account has granted to a client: tokens, refresh tokens, and the consent.',
  (shown) => ({ kind: 'grant', id: idOf('gra', grantId, shown) }),
);

export const revokeClient = revokeCommand(
  'client',
  'Ends all tokens and refresh tokens of a client, whosever they are.',
  (shown) => {
    const read = clientId.safeParse(shown);
    if (!read.success) throw new CommandFailed(`${shown} is no client_id`);
    return { kind: 'client', id: read.data };
  },
);

export const revokeTenant = command({
  words: ['revoke', 'tenant'],
  summary: 'Ends everything at a tenant: all sessions, tokens and refresh tokens.',
  usage: 'ID [--reason TEXT]',
  options: { reason: options.reason },
  argument: 'id of a tenant',
  run: ({ reason }, context, given) =>
    revoke(context, { tenantId: idOf('ten', tenantId, given), revocation: { kind: 'tenant' }, reason }, 'everything'),
});
