import { invalidRequest, unauthorizedClient, unsupportedResponseType } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

/** RFC 6749 section 3.1.1 and 4.1.2.1. */
export const checkResponseType: AuthorizationCheck<'code'> = ({ parameters, client }) => {
  const responseType = parameters.get('response_type');
  if (responseType === undefined) return fail(invalidRequest('The parameter response_type is missing'));
  if (responseType !== 'code') return fail(unsupportedResponseType('The response_type is not supported'));
  if (!client.responseTypes.includes('code') || !client.grantTypes.includes('authorization_code')) {
    return fail(unauthorizedClient('The client may not use the response_type code'));
  }
  return ok('code');
};
