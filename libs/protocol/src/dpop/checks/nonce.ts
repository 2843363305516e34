import { fail, ok } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopCheck } from './check.js';

/**
 * RFC 9449 section 4.3, 10 and section 8: we ask every proof for a nonce of ours, so that none can be made ahead of time.
 * A proof without one, or with one that has ended, is told the current one.
 */
export const checkNonce: DpopCheck = ({ claims, deps }) => {
  const { nonce } = claims;
  if (nonce !== undefined && typeof nonce !== 'string') {
    return fail(invalidProof('The nonce of the DPoP proof is malformed', 'nonce_malformed'));
  }
  if (nonce !== undefined && deps.nonces.accepts(nonce)) return ok(undefined);
  return fail({
    error: 'use_dpop_nonce',
    errorDescription: 'The DPoP proof needs the nonce of the DPoP-Nonce header',
    detail: nonce === undefined ? 'dpop_nonce_missing' : 'dpop_nonce_ended',
  });
};
