import type { AccountId } from '@signet/contracts';
import type { ShownAccount } from '@signet/pages';
import type { SignInFlow } from './sign-in-flow.js';

/** The account as its owner knows it. */
export async function shownAccount({ deps, exchange }: SignInFlow, id: AccountId): Promise<ShownAccount> {
  const account = await deps.copies.account(exchange.tenant.id, id);
  const displayName = account?.claims.name;
  return {
    username: account?.claims.preferred_username ?? account?.claims.email ?? displayName ?? '',
    ...(displayName !== undefined && { displayName }),
  };
}
