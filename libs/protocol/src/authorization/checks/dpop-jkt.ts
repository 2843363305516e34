import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { AuthorizationCheck } from './check.js';

// RFC 7638 section 3: base64url of 32 bytes; the last character carries four bits.
const THUMBPRINT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** RFC 9449 section 10: the JWK SHA-256 thumbprint of the key that the code is bound to. */
export const checkDpopJkt: AuthorizationCheck<string | undefined> = ({ parameters }) => {
  const jkt = parameters.get('dpop_jkt');
  return jkt === undefined || THUMBPRINT.test(jkt)
    ? ok(jkt)
    : fail(invalidRequest('The dpop_jkt must be a JWK SHA-256 thumbprint'));
};
