import type { DpopFault } from '../dpop/dpop-proof.js';
import { oauthError } from './oauth-error.js';
import type { OAuthError } from './oauth-error.js';

/** RFC 9449 section 8: how a client is told the nonce of its next proof. */
export const dpopNonceHeader = (nonce: string): Readonly<Record<string, string>> => ({ 'DPoP-Nonce': nonce });

/** RFC 9449 sections 5 and 8: at the token endpoint and its neighbours, 400. `nonce`: the current one. */
export const dpopError = ({ error, errorDescription, detail }: DpopFault, nonce: string): OAuthError =>
  oauthError(error, errorDescription, { detail, headers: dpopNonceHeader(nonce) });
