import { clientPolicy } from '../client-policy.js';
import type { Client } from '../client.js';
import { dpopError } from '../errors/dpop-error.js';
import { invalidRequest } from '../errors/oauth-error.js';
import type { OAuthError } from '../errors/oauth-error.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import type { DpopDeps, DpopFault, DpopRequest } from './dpop-proof.js';
import { checkDpopProof } from './check-dpop-proof.js';

const told = (fault: DpopFault, deps: DpopDeps): { ok: false; error: OAuthError } =>
  fail(dpopError(fault, deps.nonces.current()));

/**
 * RFC 9449 section 5: the thumbprint of the key that the tokens of this request are bound to; undefined where no proof came
 * and none has to.
 */
export const boundKey = async (
  request: DpopRequest,
  client: Client,
  deps: DpopDeps,
): Promise<Result<string | undefined>> => {
  if (request.proofs.length > 0) {
    const proof = await checkDpopProof(request, deps);
    return proof.ok ? ok(proof.value.jkt) : told(proof.error, deps);
  }
  // Section 5.2: with dpop_bound_access_tokens, the server MUST reject requests that do not contain the DPoP header.
  return clientPolicy(client).requireDpop
    ? fail(invalidRequest('A DPoP proof is required of this client', { detail: 'dpop_missing' }))
    : ok(undefined);
};

/**
 * RFC 9449 section 10.1: the dpop_jkt of a pushed request, by the parameter or by the proof that came with it; both MUST
 * match. `dpopJkt`: the parameter, well-formed.
 */
export const pushedRequestKey = async (
  request: DpopRequest,
  dpopJkt: string | undefined,
  deps: DpopDeps,
): Promise<Result<string | undefined>> => {
  if (request.proofs.length === 0) return ok(dpopJkt);
  const proof = await checkDpopProof(request, deps);
  if (!proof.ok) return told(proof.error, deps);
  const { jkt } = proof.value;
  if (dpopJkt === undefined || dpopJkt === jkt) return ok(jkt);
  const fault = { error: 'invalid_dpop_proof', errorDescription: 'The dpop_jkt is not that of the proof' } as const;
  return told({ ...fault, detail: 'dpop_jkt' }, deps);
};
