import type { DeclaredClient } from '@signet/contracts';
import { clientJwksFault, type ClientJwksFault } from '@signet/keys';
import { fault, type ClientCheck } from './client-check.js';

/** RFC 7591 section 2: "The jwks_uri and jwks parameters MUST NOT both be present in the same request or response." */
export const oneKeySource: ClientCheck = ({ jwks, jwksUri }) =>
  jwks !== undefined && jwksUri !== undefined ? fault('jwks', 'and jwks_uri may not both be there') : [];

const messages: Readonly<Record<ClientJwksFault, string>> = {
  too_large: 'is too large',
  malformed: 'is no JWK set',
  symmetric_key: 'has a symmetric key',
  private_member: 'has a private key',
  oversized_key: 'has an RSA key of more than 4096 bits, or with an exponent of more than 4 bytes',
};

/** OpenID Connect Registration 1.0 section 2: a JWK set of public keys. */
export const publicKeys: ClientCheck = ({ jwks }) => {
  const found = jwks && clientJwksFault(jwks);
  return found === undefined ? [] : fault('jwks', messages[found]);
};

/** For what a client's own keys are needed. */
const uses = {
  requestObjectSigningAlg: 'a signed request object',
  idTokenEncryptedResponseAlg: 'an encrypted ID token',
  userinfoEncryptedResponseAlg: 'an encrypted userinfo response',
} as const satisfies Partial<Record<keyof DeclaredClient, string>>;

export const keysForUse: ClientCheck = (client) => {
  if (client.jwks !== undefined || client.jwksUri !== undefined) return [];
  const names = Object.keys(uses) as (keyof typeof uses)[];
  return [
    // OpenID Connect Core 1.0 section 9, private_key_jwt: "Clients that have registered a public key".
    ...(client.tokenEndpointAuthMethod === 'private_key_jwt'
      ? fault('jwks', 'private_key_jwt needs jwks or jwks_uri')
      : []),
    ...names.flatMap((name) =>
      client[name] === undefined || client[name] === 'none' ? [] : fault(name, `${uses[name]} needs jwks or jwks_uri`),
    ),
  ];
};
