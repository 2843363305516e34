import type { ResponseType } from '../../client.js';
import { invalidRequest, unauthorizedClient, unsupportedResponseType } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import { mayUseResponseType, parseResponseType } from '../response-type.js';
import type { AuthorizationCheck } from './check.js';

/** RFC 6749 section 3.1.1 and 4.1.2.1. */
export const checkResponseType: AuthorizationCheck<ResponseType> = ({ parameters, client }) => {
  const asked = parameters.get('response_type');
  if (asked === undefined) return fail(invalidRequest('The parameter response_type is missing'));
  const responseType = parseResponseType(asked);
  if (responseType === undefined) return fail(unsupportedResponseType('The response_type is not supported'));
  return mayUseResponseType(client, responseType)
    ? ok(responseType)
    : fail(unauthorizedClient(`The client may not use the response_type ${responseType}`));
};
