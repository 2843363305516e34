import { encodeBase64url } from './base64url.js';
import { signBytes } from './signature.js';
import type { SigningKey } from './signing-key.js';

const segment = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/**
 * An unsecured JWT (RFC 7519 section 6.1): an ID token of a client that registered `none` for the code flow, where TLS to
 * the token endpoint vouches for it (OpenID Connect Core 1.0 section 2). Nothing that authenticates is ever one.
 */
export const unsecuredJwt = ({ typ, claims }: { readonly typ: string; readonly claims: object }): string =>
  `${segment({ alg: 'none', typ })}.${segment(claims)}.`;

/**
 * A JWT in JWS compact serialisation (RFC 7515 section 7.1) with alg, kid and typ in its header. `claims` go in as they
 * are: nothing is added, and members that are undefined are left out. Times in it are whole seconds.
 */
export const signJwt = async (input: {
  readonly key: SigningKey;
  readonly typ: string;
  readonly claims: object;
}): Promise<string> => {
  const { key, typ, claims } = input;
  const signingInput = `${segment({ alg: key.alg, kid: key.kid, typ })}.${segment(claims)}`;
  const signature = await signBytes(key.alg, key.privateKey, Buffer.from(signingInput, 'ascii'));
  return `${signingInput}.${encodeBase64url(signature)}`;
};
