import { insufficientScope, invalidToken } from '../errors/bearer-error.js';
import type { AccessTokenScheme } from '../errors/bearer-error.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';

/**
 * OpenID Connect Core 1.0 section 5.3: userinfo is for an access token with openid, and one that was meant for us
 * (RFC 9068 section 4: aud). `token`: a verified, live access token, sent by `scheme`.
 */
export const ensureUserinfoAccess = (
  token: { readonly scopes: readonly string[]; readonly audience: readonly string[] },
  issuer: string,
  scheme: AccessTokenScheme,
): Result<undefined> => {
  if (!token.audience.includes(issuer)) {
    return fail(invalidToken('The access token is not valid here', { scheme, detail: 'audience' }));
  }
  return token.scopes.includes('openid') ? ok(undefined) : fail(insufficientScope('openid', { scheme }));
};
