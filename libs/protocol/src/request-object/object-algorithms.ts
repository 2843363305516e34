import { clientSigningAlgorithms } from '../client.js';
import type { Client, ClientSigningAlgorithm } from '../client.js';
import { clientPolicy } from '../client-policy.js';

/**
 * RFC 8725 section 3.1 with request_object_signing_alg (OpenID Connect Dynamic Client Registration 1.0 section 2): the
 * registered one; any that we know where none is. Unsecured ones are of clients alone that registered `none`, and never of one
 * whose requests must be signed (RFC 9101 section 10.5).
 */
export const requestObjectAlgorithms = (
  client: Client,
): { readonly signed: readonly ClientSigningAlgorithm[]; readonly unsecured: boolean } => {
  const registered = client.requestObjectSigningAlg;
  if (registered !== undefined && registered !== 'none') return { signed: [registered], unsecured: false };
  return {
    signed: clientSigningAlgorithms,
    unsecured: registered === 'none' && !clientPolicy(client).requireSignedRequestObject,
  };
};
