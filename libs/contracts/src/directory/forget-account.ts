import { z } from 'zod';
import { accountId, tenantId } from '../ids.js';
import { request } from '../request.js';

/** Services that keep something of an account beside the directory's own. */
export const accountKeepers = ['authn', 'token', 'session', 'audit'] as const;
export type AccountKeeper = (typeof accountKeepers)[number];

const forgetting = (keeper: AccountKeeper) =>
  request(keeper, 'account', 'forget', {
    request: z.strictObject({ tenantId, accountId }),
    response: z.object({}),
    timeout: 5_000,
  });

/**
 * Directory tells each keeper of an account that is erased, and whose floors are committed; again until it answers, which it does when
 * nothing of the account is left with it and nothing can come there any more (docs/erasure.md). Safe to repeat.
 */
export const forgetAccount = Object.fromEntries(accountKeepers.map((keeper) => [keeper, forgetting(keeper)])) as Record<
  AccountKeeper,
  ReturnType<typeof forgetting>
>;
