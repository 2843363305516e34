import type { Clock, Micros } from '../clock.js';
import type { Digests } from '../digests.js';

/** A DPoP proof whose every check has passed (RFC 9449 section 4.3). */
export interface DpopProof {
  /** base64url SHA-256 thumbprint of the key (RFC 7638): what tokens are bound to. */
  readonly jkt: string;
  /** `jti` of the proof. */
  readonly proofId: string;
  readonly issuedAt: Micros;
}

/** The request that a proof came with. */
export interface DpopRequest {
  /** The values of the DPoP header fields, each as it came. */
  readonly proofs: readonly string[];
  /** Of the HTTP request, in capitals. */
  readonly method: string;
  /** The URL of the endpoint, from configuration: what the Host header says is not asked. */
  readonly url: string;
  /** At a resource: the access token that came with the proof. */
  readonly accessToken?: string | undefined;
}

/**
 * Verifies what only a holder of the key can have made: `typ` dpop+jwt, an asymmetric `alg` that we support, a public key
 * alone in `jwk`, and the signature by it. It does not look at any claim. `fault` is for the log.
 */
export interface DpopSignatures {
  verify(
    proof: string,
  ):
    | { readonly ok: true; readonly jkt: string; readonly claims: Readonly<Record<string, unknown>> }
    | { readonly ok: false; readonly fault: string };
}

/** RFC 9449 section 8. */
export interface DpopNonces {
  /** What the next proof should hold. */
  current(): string;
  /** Whether it is one of ours that has not ended. */
  accepts(nonce: string): boolean;
}

/** Remembers proofs for as long as their time alone would let them be accepted. */
export interface DpopReplayStore {
  /** True for the first to bring it, over all replicas; false for everybody after. */
  spend(proof: DpopProof): Promise<boolean>;
}

export interface DpopDeps {
  readonly signatures: DpopSignatures;
  readonly nonces: DpopNonces;
  readonly replays: DpopReplayStore;
  readonly digests: Digests;
  readonly clock: Clock;
}

/** Why a proof was refused. `detail` is for the log. */
export interface DpopFault {
  readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly errorDescription: string;
  readonly detail: string;
}

export const invalidProof = (errorDescription: string, detail: string): DpopFault => ({
  error: 'invalid_dpop_proof',
  errorDescription,
  detail: `dpop_${detail}`,
});
