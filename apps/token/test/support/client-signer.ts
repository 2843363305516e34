import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { JWT_BEARER_ASSERTION } from '@signet/protocol';

/** Claims of any kind, wrong ones too; one that is undefined is left out. */
type Claims = Readonly<Record<string, unknown>>;

/** A key that a client signs with, and its public half as it registers it. */
export interface ClientSigner {
  readonly jwk: { readonly kty: string; readonly [member: string]: unknown };
  sign(claims: Claims, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Form fields of an assertion of this client, good for a minute. */
  assertion(
    clientId: string,
    aud: string | string[],
    claims?: Claims,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, string>>;
}

const seconds = () => Math.floor(Date.now() / 1_000);

export const assertionClaims = (clientId: string, aud: string | string[], more: Claims = {}): Claims => ({
  iss: clientId,
  sub: clientId,
  aud,
  iat: seconds(),
  exp: seconds() + 60,
  jti: randomUUID(),
  ...more,
});

export const assertionFields = (assertion: string): Record<string, string> => ({
  client_assertion_type: JWT_BEARER_ASSERTION,
  client_assertion: assertion,
});

export async function clientSigner(alg = 'ES256', kid: string = randomUUID()): Promise<ClientSigner> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const { kty = '', ...members } = await exportJWK(publicKey);
  const sign = signerOf(privateKey, { alg, kid });
  return {
    jwk: { kty, ...members, kid, use: 'sig', alg },
    sign,
    assertion: async (clientId, aud, claims, header) =>
      assertionFields(await sign(assertionClaims(clientId, aud, claims), header)),
  };
}

/** Signs, or makes a MAC, with whatever header is asked for. */
export const signerOf =
  (key: CryptoKey | Uint8Array, usual: { readonly alg: string; readonly kid?: string }) =>
  (claims: Claims, header: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ ...usual, ...header }).sign(key);

/** An unsecured JWT (RFC 7519 section 6.1), with whatever signature is asked for. */
export const unsigned = (claims: object, signature = ''): string => {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${segment({ alg: 'none' })}.${segment(claims)}.${signature}`;
};
