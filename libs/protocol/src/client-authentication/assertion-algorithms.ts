import { clientSigningAlgorithms, macAlgorithms } from '../client.js';
import type { Client } from '../client.js';
import type { ClientJwtAlgorithm } from '../client-jwt.js';

/**
 * RFC 8725 section 3.1: what the client registered decides, never the header. The method names the kind, so that a MAC under
 * a public key is no signature; within it token_endpoint_auth_signing_alg (OpenID Connect Dynamic Client Registration 1.0
 * section 2) leaves one. Empty for a client of another method.
 */
export const assertionAlgorithms = (
  client: Pick<Client, 'tokenEndpointAuthMethod' | 'tokenEndpointAuthSigningAlg'>,
): readonly ClientJwtAlgorithm[] => {
  const registered = client.tokenEndpointAuthSigningAlg;
  const ofMethod: readonly ClientJwtAlgorithm[] =
    client.tokenEndpointAuthMethod === 'private_key_jwt'
      ? clientSigningAlgorithms
      : client.tokenEndpointAuthMethod === 'client_secret_jwt'
        ? macAlgorithms
        : [];
  return registered === undefined ? ofMethod : ofMethod.filter((alg) => alg === registered);
};
