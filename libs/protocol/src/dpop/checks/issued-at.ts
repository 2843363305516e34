import { fromSeconds } from '../../clock.js';
import type { Micros } from '../../clock.js';
import { fail, ok } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopCheck } from './check.js';

/** Seconds: for how long a proof is good, and so for how long it is remembered. */
const DPOP_PROOF_LIFETIME = 60;
/** Seconds that the client's clock may be ahead of ours. */
const DPOP_CLOCK_TOLERANCE = 10;

/** RFC 9449 section 4.3, 11: the creation time, as determined by iat, is within an acceptable window. */
export const checkIssuedAt: DpopCheck<Micros> = ({ claims, deps }) => {
  const { iat } = claims;
  const refused = fail(invalidProof('The iat of the DPoP proof is not recent', 'iat'));
  if (typeof iat !== 'number' || !Number.isFinite(iat) || Math.abs(iat) > Number.MAX_SAFE_INTEGER / 1e6) return refused;
  const issuedAt = fromSeconds(iat);
  const now = deps.clock.now();
  const recent =
    issuedAt >= now - fromSeconds(DPOP_PROOF_LIFETIME) && issuedAt <= now + fromSeconds(DPOP_CLOCK_TOLERANCE);
  return recent ? ok(issuedAt) : refused;
};
