import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import { usableResponseMode } from '../response-mode.js';
import type { ResponseMode } from '../response-mode.js';
import type { AuthorizationCheck } from './check.js';

/** OAuth 2.0 Multiple Response Type Encoding Practices section 2.1. */
export const checkResponseMode: AuthorizationCheck<ResponseMode> = ({ parameters, redirectUri }) => {
  const responseMode = usableResponseMode(parameters, redirectUri);
  return responseMode === undefined
    ? fail(invalidRequest('The response_mode is not supported for this response_type and redirect_uri'))
    : ok(responseMode);
};
