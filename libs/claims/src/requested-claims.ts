import type { AccountClaimName } from './account-claims.js';
import { scopeClaims } from './scope-claims.js';

/** Names of claims, by where they are told. */
export interface ClaimNames {
  readonly idToken: readonly string[];
  readonly userinfo: readonly string[];
}

const scopeByClaim: ReadonlyMap<string, string> = new Map(
  Object.entries(scopeClaims).flatMap(([scope, names]: [string, readonly AccountClaimName[]]) =>
    scope === 'openid' ? [] : names.map((name): [string, string] => [name, scope]),
  ),
);

/**
 * What of the requested claims (OpenID Connect Core 1.0 section 5.5) a client may have that may ask for `scopes`: to ask for
 * a claim by name is no way around the scope that holds it. `agreed`: the scopes that the person agrees to by it. Names that
 * no scope holds are ignored.
 */
export const claimsWithin = (
  asked: ClaimNames,
  scopes: readonly string[],
): ClaimNames & { readonly agreed: readonly string[] } => {
  const allowed = (names: readonly string[]) => names.filter((name) => scopes.includes(scopeByClaim.get(name) ?? ''));
  const [idToken, userinfo] = [allowed(asked.idToken), allowed(asked.userinfo)];
  const agreed = [...idToken, ...userinfo].flatMap((name) => scopeByClaim.get(name) ?? []);
  return { idToken, userinfo, agreed: [...new Set(agreed)] };
};
