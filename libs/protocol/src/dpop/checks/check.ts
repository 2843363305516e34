import type { Result } from '../../result.js';
import type { DpopDeps, DpopFault, DpopRequest } from '../dpop-proof.js';

export interface DpopCheckContext {
  /** Signed by the proof's key; nothing else is known of them. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly request: DpopRequest;
  readonly deps: DpopDeps;
}

/** One thing that must be so of a proof's claims. */
export type DpopCheck<T = undefined> = (context: DpopCheckContext) => Result<T, DpopFault>;
