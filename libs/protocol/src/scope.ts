import { invalidScope } from './errors/oauth-error.js';
import { fail, ok } from './result.js';
import type { Result } from './result.js';

// RFC 6749 section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Scopes that speak of an account; without a person present they mean nothing. */
export const accountScopes: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/** Splits a scope parameter and drops repeats, keeping the order. It does not check who may have what. */
export const parseScope = (scope: string): Result<readonly string[]> => {
  const tokens = scope.split(' ');
  if (!tokens.every((token) => SCOPE_TOKEN.test(token))) return fail(invalidScope('The scope is malformed'));
  return ok([...new Set(tokens)]);
};

export const formatScope = (scopes: readonly string[]): string => scopes.join(' ');

/** Those of `wanted` that are among `held`: a client is registered for less, maybe, than when something was granted. */
export const within = (held: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((scope) => held.includes(scope));

/** Whether each of `wanted`, be they scopes or resources, is among `held`. */
export const covers = (held: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((scope) => held.includes(scope));
