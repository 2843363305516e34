import { accountClaimsOf } from './account-claims.js';
import type { AccountClaims } from './account-claims.js';
import { claimsOfScopes } from './scope-claims.js';

/** The body of a userinfo response: what a client is told of an account. */
export type UserinfoClaims = Pick<AccountClaims, 'sub'> & Partial<AccountClaims>;

/**
 * OpenID Connect Core 1.0 section 5.3.2: `sub` always, others as the scopes and `names` (section 5.5) ask and the account
 * has them. It does not check that they were granted.
 */
export const userinfoClaims = (
  scopes: readonly string[],
  account: AccountClaims,
  names: readonly string[] = [],
): UserinfoClaims => ({
  ...accountClaimsOf(account, new Set([...claimsOfScopes(scopes), ...names])),
  sub: account.sub,
});
