import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import { afterLogout, codeClient, forms, issuerOf, Plane, RelyingParty, tenants, twinTenants } from '../src/index.js';

const secret = 'client-output-secret';
const signingAlgs = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
const encryptions = [
  [
    'RSA-OAEP-256',
    'A256GCM',
    { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  ],
  ['ECDH-ES', 'A128CBC-HS256', { name: 'ECDH', namedCurve: 'P-256' }],
] as const;

/** A key pair of a client for what Signet encrypts to it. */
async function encryptionKey([alg, , algorithm]: (typeof encryptions)[number]) {
  const usages = algorithm.name === 'ECDH' ? (['deriveBits'] as const) : (['decrypt', 'encrypt'] as const);
  const pair = await crypto.subtle.generateKey(algorithm, true, usages);
  if (!('privateKey' in pair)) throw new Error('no pair');
  const { kty, n, e, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { privateKey: pair.privateKey, jwk: { kid: alg, use: 'enc', kty, n, e, crv, x, y } };
}

let site: Server;
let jwksUri: string;
let keys: Awaited<ReturnType<typeof encryptionKey>>[];
beforeAll(async () => {
  keys = await Promise.all(encryptions.map(encryptionKey));
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  site = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(body));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  jwksUri = `http://127.0.0.1:${(site.address() as AddressInfo).port}/jwks`;
});
afterAll(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

const clients = () => [
  ...signingAlgs.map((alg) =>
    codeClient(`signed-${alg}`, {
      client_secret: secret,
      id_token_signed_response_alg: alg,
      userinfo_signed_response_alg: alg,
    }),
  ),
  ...encryptions.map(([alg, enc], at) =>
    codeClient(`encrypted-${alg}`, {
      client_secret: secret,
      id_token_encrypted_response_alg: alg,
      id_token_encrypted_response_enc: enc,
      userinfo_signed_response_alg: 'ES256',
      userinfo_encrypted_response_alg: alg,
      userinfo_encrypted_response_enc: enc,
      // One of them publishes its keys, the other has registered them.
      ...(at === 0 ? { jwks_uri: jwksUri } : { jwks: { keys: keys.map(({ jwk }) => jwk) } }),
    }),
  ),
  codeClient('pairwise', { client_secret: secret, subject_type: 'pairwise' }),
];

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    const env = { SIGNET_OUTBOUND_ALLOW: new URL(jwksUri).origin };
    plane = await Plane.start({ form, configuration: twinTenants(clients()), env });
  }, 180_000);
  afterAll(() => plane.stop());

  const party = (slug: (typeof tenants)[number], clientId: string, metadata?: Partial<openid.ClientMetadata>) =>
    RelyingParty.discover(
      issuerOf(plane.issuer, slug),
      clientId,
      openid.ClientSecretBasic(secret),
      undefined,
      metadata,
    );

  // oidcc-idtoken-rs256, oidcc-userinfo-rs256, and their like for the other algorithms
  it.each(signingAlgs)('ID token and userinfo signed by %s', async (alg) => {
    const client = await party('default', `signed-${alg}`, {
      id_token_signed_response_alg: alg,
      userinfo_signed_response_alg: alg,
    });
    const { claims, tokens } = await client.signIn();
    const info = await openid.fetchUserInfo(client.config, tokens.access_token, claims.sub);
    expect(info.email).toBe('alice@default.example');
  });

  it.each(encryptions.map(([alg, enc], at) => [alg, enc, at] as const))(
    'ID token and userinfo signed, then encrypted by %s with %s',
    async (alg, enc, at) => {
      const client = await party('globex', `encrypted-${alg}`, { userinfo_signed_response_alg: 'ES256' });
      const key = keys[at];
      if (key === undefined) throw new Error('no key');
      openid.enableDecryptingResponses(client.config, [enc], { key: key.privateKey, alg, kid: alg });
      const { claims, tokens, idToken, refreshToken } = await client.signIn();
      expect(idToken.split('.')).toHaveLength(5);
      const info = await openid.fetchUserInfo(client.config, tokens.access_token, claims.sub);
      expect(info.email).toBe('alice@globex.example');
      const again = await openid.refreshTokenGrant(client.config, refreshToken);
      expect(again.claims()?.sub).toBe(claims.sub);
    },
  );

  // OpenID Connect Core section 8
  it.each(tenants)(
    'a pairwise subject is the same at each sign-in, another than elsewhere, and logs out: %s',
    async (slug) => {
      const client = await party(slug, 'pairwise');
      const first = await client.signIn();
      const { sub } = first.claims;
      const second = await client.signIn();
      expect(second.claims.sub).toBe(sub);
      const info = await openid.fetchUserInfo(client.config, second.tokens.access_token, sub);
      expect(info.sub).toBe(sub);
      const open = await party(slug, 'signed-RS256');
      const { claims } = await open.signIn({}, second.agent);
      expect(claims.sub).not.toBe(sub);
      const logout = openid.buildEndSessionUrl(client.config, {
        id_token_hint: second.idToken,
        post_logout_redirect_uri: afterLogout,
      });
      expect((await second.agent.open(logout)).left?.href.split('?')[0]).toBe(afterLogout);
      const silent = await second.agent.open((await client.begin({ prompt: 'none' })).url);
      expect(silent.left?.searchParams.get('error')).toBe('login_required');
    },
  );
});
