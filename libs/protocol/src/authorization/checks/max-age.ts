import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: seconds; where it is not asked for, the client's default_max_age holds. */
export const checkMaxAge: AuthorizationCheck<number | undefined> = ({ parameters, client }) => {
  const maxAge = parameters.get('max_age');
  if (maxAge === undefined) return ok(client.defaultMaxAge);
  return /^\d{1,10}$/.test(maxAge)
    ? ok(Number(maxAge))
    : fail(invalidRequest('The max_age must be a number of seconds'));
};
