import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { ResponseMode } from '../authorization-request.js';
import type { AuthorizationCheck } from './check.js';

/** OAuth 2.0 Multiple Response Type Encoding Practices section 2.1: query is the default for code. */
export const checkResponseMode: AuthorizationCheck<ResponseMode> = ({ parameters }) => {
  const responseMode = parameters.get('response_mode') ?? 'query';
  return responseMode === 'query' ? ok(responseMode) : fail(invalidRequest('The response_mode is not supported'));
};
