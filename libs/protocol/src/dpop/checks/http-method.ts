import { fail, ok } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopCheck } from './check.js';

/** RFC 9449 section 4.3, 8: htm matches the HTTP method of the request; methods are compared with case (RFC 9110 section 9.1). */
export const checkHttpMethod: DpopCheck = ({ claims, request }) =>
  claims['htm'] === request.method
    ? ok(undefined)
    : fail(invalidProof('The htm of the DPoP proof does not match', 'htm'));
