import { clientPolicy } from '../../client-policy.js';
import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

/** RFC 9126 section 4: where a client must push its requests, a request that was not pushed is refused. */
export const ensurePushedWhereRequired: AuthorizationCheck<undefined> = ({ client, pushed, endpoint }) =>
  clientPolicy(client).requirePushedRequest && endpoint !== 'par' && pushed === undefined
    ? fail(invalidRequest('This client must use pushed authorization requests'))
    : ok(undefined);
