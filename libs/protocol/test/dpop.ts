import type { DpopDeps, DpopProof } from '../src/index.js';
import { digests, ISSUER, NOW } from './fixtures.js';

export const NONCE = 'the-current-nonce';
export const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

type Claims = Readonly<Record<string, unknown>>;

/** What a sound proof for POST /token says. */
export const proofClaims = (changes: Claims = {}): Claims => ({
  htm: 'POST',
  htu: `${ISSUER}/token`,
  iat: NOW / 1e6,
  jti: 'proof-1',
  nonce: NONCE,
  ...changes,
});

/** A proof in the notation of `aDpop`: its key and its claims, readable. */
export const proofOf = (claims: Claims = proofClaims(), jkt = JKT): string => JSON.stringify({ jkt, claims });

/** Takes JSON for signed, and knows one nonce; `spent` are the proofs that were brought. */
export const aDpop = (): DpopDeps & { readonly spent: DpopProof[] } => {
  const spent: DpopProof[] = [];
  return {
    signatures: {
      verify: (proof) =>
        proof.startsWith('{')
          ? { ok: true, ...(JSON.parse(proof) as { jkt: string; claims: Claims }) }
          : { ok: false, fault: 'signature' },
    },
    nonces: { current: () => NONCE, accepts: (nonce) => nonce === NONCE },
    replays: {
      spend: (proof) => {
        const first = !spent.some(({ jkt, proofId }) => jkt === proof.jkt && proofId === proof.proofId);
        spent.push(proof);
        return Promise.resolve(first);
      },
    },
    digests,
    clock: { now: () => NOW },
    spent,
  };
};
