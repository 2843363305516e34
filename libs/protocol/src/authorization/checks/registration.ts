import { registrationNotSupported } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

/** OpenID Connect Core 1.0 section 7.2.1: the registration parameter is for self-issued providers. */
export const ensureNoRegistration: AuthorizationCheck<undefined> = ({ parameters }) =>
  parameters.get('registration') === undefined
    ? ok(undefined)
    : fail(registrationNotSupported('The parameter registration is not supported'));
