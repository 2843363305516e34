import { macAlgorithms } from '@signet/protocol';
import { fault, type ClientCheck } from './client-check.js';

/** Every method that begins so authenticates by a secret (OpenID Connect Core 1.0 section 9). */
export const secrets: ClientCheck = ({ tokenEndpointAuthMethod: method, secretHashes }) => {
  if (method.startsWith('client_secret_')) {
    return secretHashes.length === 0 ? fault('secretHashes', 'a confidential client needs one') : [];
  }
  if (secretHashes.length === 0) return [];
  return fault('secretHashes', method === 'none' ? 'a public client has no secret' : `${method} has no secret`);
};

/** OpenID Connect Core 1.0 section 9: the MAC of client_secret_jwt needs the secret itself; nothing else may have it. */
export const sealedSecrets: ClientCheck = ({
  tokenEndpointAuthMethod: method,
  secretHashes,
  sealedSecrets: sealed = [],
}) => {
  if (method !== 'client_secret_jwt') return sealed.length > 0 ? fault('sealedSecrets', `${method} needs none`) : [];
  return sealed.length === secretHashes.length
    ? []
    : fault('sealedSecrets', 'client_secret_jwt needs one for each secret');
};

/** OpenID Connect Registration 1.0 section 2, token_endpoint_auth_signing_alg; the two methods have no algorithm in common. */
export const authenticationAlgorithm: ClientCheck = ({
  tokenEndpointAuthMethod: method,
  tokenEndpointAuthSigningAlg: alg,
}) => {
  if (alg === undefined) return [];
  const isMac = macAlgorithms.some((mac) => mac === alg);
  const fits = method === 'client_secret_jwt' ? isMac : method === 'private_key_jwt' ? !isMac : true;
  return fits ? [] : fault('tokenEndpointAuthSigningAlg', `is none of ${method}`);
};

/** RFC 7662 section 2.1: the endpoint MUST require authorization of who asks. */
export const introspection: ClientCheck = ({ introspects, tokenEndpointAuthMethod }) =>
  introspects.length > 0 && tokenEndpointAuthMethod === 'none'
    ? fault('introspects', 'a public client may not introspect')
    : [];
