import { clientPolicy } from '../../client-policy.js';
import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

/**
 * RFC 9101 section 10.5: where a client must sign its requests, one without a request object is refused. That the object is
 * signed is seen when it is opened; of a pushed request, when it was pushed.
 */
export const ensureSignedWhereRequired: AuthorizationCheck<undefined> = ({ client, byObject }) =>
  clientPolicy(client).requireSignedRequestObject && !byObject
    ? fail(invalidRequest('This client must use signed request objects'))
    : ok(undefined);
