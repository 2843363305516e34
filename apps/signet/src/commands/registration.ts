import { createInitialAccessToken, findTenant } from '@signet/contracts';
import { randomText, sha256Text, systemRandom } from '@signet/keys';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds in `90s`, `15m`, `12h` or `7d`. */
function secondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(duration) ?? [];
  const seconds = Number(count) * (units[unit] ?? 0);
  if (seconds < 1 || seconds > 315_360_000) throw new CommandFailed('--expires is a time such as 90s, 15m, 12h or 7d');
  return seconds;
}

export const registrationToken = command({
  words: ['registration', 'token'],
  summary:
    'Makes an initial access token, which registers clients at a tenant, and prints it: it is kept nowhere else.',
  usage: '[--tenant SLUG] [--uses N] [--expires TIME]',
  options: {
    tenant: { type: 'string', default: 'default' },
    uses: { type: 'string', default: '1' },
    expires: { type: 'string', default: '1d' },
  },
  run: async ({ tenant: slug, uses: times, expires }, context) => {
    const uses = Number(times);
    if (!Number.isInteger(uses) || uses < 1 || uses > 100_000) throw new CommandFailed('--uses is 1 to 100000');
    const lifetime = secondsOf(expires);
    const token = randomText(systemRandom, 32);
    await asOperator(context, async (requester) => {
      const tenant = await requester.request(findTenant, { slug });
      await requester.request(createInitialAccessToken, {
        ...{ tenantId: tenant.id, hash: sha256Text(token), uses, lifetime },
      });
    });
    context.out(token);
  },
});
