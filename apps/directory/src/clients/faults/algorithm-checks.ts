import { fault, type ClientCheck } from './client-check.js';

/** OpenID Connect Registration 1.0 section 2: "When *_encrypted_response_enc is included, *_encrypted_response_alg MUST also be provided." */
export const encryptionPairs: ClientCheck = (client) =>
  (['idTokenEncryptedResponse', 'userinfoEncryptedResponse', 'requestObjectEncryption'] as const).flatMap((prefix) =>
    client[`${prefix}Enc`] !== undefined && client[`${prefix}Alg`] === undefined
      ? fault(`${prefix}Enc`, 'needs the algorithm of its key')
      : [],
  );

/**
 * OpenID Connect Registration 1.0 section 2, id_token_signed_response_alg: none "MUST NOT be used … unless the Client uses
 * only Response Types that return no ID Token from the Authorization Endpoint".
 */
export const unsignedIdTokens: ClientCheck = ({ idTokenSignedResponseAlg: alg, responseTypes }) =>
  alg === 'none' && responseTypes.some((type) => type.split(' ').includes('id_token'))
    ? fault('idTokenSignedResponseAlg', 'may not be none where the authorization endpoint returns ID tokens')
    : [];

/** OpenID Connect Core 1.0 section 2: "the ID Token MUST be signed then encrypted". */
export const signedThenEncrypted: ClientCheck = (client) =>
  client.idTokenSignedResponseAlg === 'none' && client.idTokenEncryptedResponseAlg !== undefined
    ? fault('idTokenEncryptedResponseAlg', 'an unsigned ID token is not encrypted')
    : [];

/** RFC 9101 section 10.5: a client that must sign its request objects has an algorithm to do it with. */
export const signedRequestObjects: ClientCheck = ({ requireSignedRequestObject, requestObjectSigningAlg }) =>
  requireSignedRequestObject === true && requestObjectSigningAlg === 'none'
    ? fault('requestObjectSigningAlg', 'is none, and request objects must be signed')
    : [];
