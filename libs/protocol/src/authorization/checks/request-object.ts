import { requestNotSupported, requestUriNotSupported } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

/** OpenID Connect Core 1.0 section 6: a request object that is not supported MUST be refused, since it would overrule the rest. */
export const ensureNoRequestObject: AuthorizationCheck<undefined> = ({ parameters }) => {
  if (parameters.get('request') !== undefined)
    return fail(requestNotSupported('The parameter request is not supported'));
  if (parameters.get('request_uri') !== undefined) {
    return fail(requestUriNotSupported('The parameter request_uri is not supported'));
  }
  return ok(undefined);
};
