import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leftHalfHash } from '@signet/keys';
import {
  contentEncryptionAlgorithms,
  keyEncryptionAlgorithms,
  signingAlgorithms,
  type ClientWithSecrets,
  type KeyEncryptionAlgorithm,
} from '@signet/protocol';
import {
  compactDecrypt,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';
import {
  basic,
  claimsOf,
  codeOf,
  get,
  headerOf,
  populate,
  post,
  redemption,
  refresh,
  secret,
  tokensOf,
  type Population,
} from './support/population.js';
import { issuer, runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

/** Where clients publish their keys; a test says what is there. */
const site = { body: '', asked: 0 };
let server: Server;
let mesh: TokenReplicas;
let acme: Population;
const privateKeys = new Map<KeyEncryptionAlgorithm, CryptoKey>();
const publicJwks: { kty: string; kid: string }[] = [];
let jwksUri: string;

beforeAll(async () => {
  server = createServer((_request, response) => {
    site.asked += 1;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(site.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  jwksUri = `${origin}/jwks`;
  mesh = await runTokenReplicas({ SIGNET_OUTBOUND_ALLOW: origin });
  acme = await populate(mesh);
  for (const alg of keyEncryptionAlgorithms) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    privateKeys.set(alg, privateKey);
    const kty = alg === 'ECDH-ES' ? 'EC' : 'RSA';
    publicJwks.push({ ...(await exportJWK(publicKey)), kty, kid: alg, use: 'enc' } as { kty: string; kid: string });
  }
});
afterAll(async () => {
  await mesh.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A client like the shop, with metadata of its own; and the tokens of a sign-in there. */
function clientOf(clientId: string, metadata: Partial<ClientWithSecrets>): Population {
  const client = { ...acme.shop, clientId, ...metadata };
  mesh.directory.clients.push(client);
  return { ...acme, shop: client, authorization: basic(clientId, secret) };
}
const signedIn = (population: Population, scopes = ['openid', 'email', 'offline_access']) =>
  tokensOf(mesh, population, { clientId: population.shop.clientId, scopes });

async function published() {
  const { body } = await get(mesh.replicas[0], '/jwks');
  return createLocalJWKSet(body as unknown as JSONWebKeySet);
}

async function decrypted(jwe: string, alg: KeyEncryptionAlgorithm) {
  const key = privateKeys.get(alg);
  if (key === undefined) throw new Error(alg);
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, key);
  return { text: Buffer.from(plaintext).toString('utf8'), header: protectedHeader };
}

/** The answer with its body as text: a JWT is none of JSON. */
async function userinfo(accessToken: string) {
  const response = await fetch(`${mesh.replicas[0].origin}/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

describe('ID tokens', () => {
  it.each(signingAlgorithms)('are signed by %s for a client that registered it', async (alg) => {
    const population = clientOf(`signed-${alg}`, { idTokenSignedResponseAlg: alg });
    const tokens = await signedIn(population);
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token ?? '', await published(), {
      issuer,
      audience: population.shop.clientId,
      algorithms: [alg],
      typ: 'JWT',
    });
    expect(protectedHeader.alg).toBe(alg);
    expect(payload).toMatchObject({ sub: acme.alice.sub, at_hash: leftHalfHash(alg, tokens.access_token) });
    const again = await post(mesh.replicas[0], '/token', refresh(tokens.refresh_token), {
      authorization: population.authorization,
    });
    await jwtVerify(String(again.body['id_token']), await published(), { issuer, algorithms: [alg] });
  });

  it('are unsecured for a client that registered none', async () => {
    const { id_token: jwt = '', access_token } = await signedIn(
      clientOf('unsigned', { idTokenSignedResponseAlg: 'none' }),
    );
    expect(headerOf(jwt)).toEqual({ alg: 'none', typ: 'JWT' });
    expect(jwt.endsWith('.')).toBe(true);
    expect(claimsOf(jwt)).toMatchObject({ iss: issuer, sub: acme.alice.sub });
    expect(claimsOf(jwt)).not.toHaveProperty('at_hash');
    // Access tokens are signed all the same.
    expect(headerOf(access_token)['alg']).toBe('ES256');
  });

  it.each(keyEncryptionAlgorithms.flatMap((alg) => contentEncryptionAlgorithms.map((enc) => [alg, enc] as const)))(
    'are signed, then encrypted by %s with %s',
    async (alg, enc) => {
      const population = clientOf(`encrypted-${alg}-${enc}`, {
        idTokenEncryptedResponseAlg: alg,
        idTokenEncryptedResponseEnc: enc,
        jwks: { keys: publicJwks },
      });
      const tokens = await signedIn(population);
      const again = await post(mesh.replicas[0], '/token', refresh(tokens.refresh_token), {
        authorization: population.authorization,
      });
      for (const jwe of [tokens.id_token ?? '', String(again.body['id_token'])]) {
        const { text, header } = await decrypted(jwe, alg);
        expect(header).toMatchObject({ alg, enc, kid: alg, cty: 'JWT' });
        const { payload } = await jwtVerify(text, await published(), { issuer, audience: population.shop.clientId });
        expect(payload['sub']).toBe(acme.alice.sub);
      }
    },
  );

  it('are encrypted with A128CBC-HS256 where the client says nothing', async () => {
    const jwks = { keys: publicJwks };
    const population = clientOf('encrypted', { idTokenEncryptedResponseAlg: 'ECDH-ES', jwks });
    const { id_token: jwe = '' } = await signedIn(population);
    expect(decodeProtectedHeader(jwe)).toMatchObject({ enc: 'A128CBC-HS256' });
  });

  it('of the front channel are encrypted too, and nothing is issued where they cannot be', async () => {
    const front = { accessToken: true, idToken: { alg: 'RS256' as const } };
    const metadata = { idTokenEncryptedResponseAlg: 'ECDH-ES', jwks: { keys: publicJwks } } as const;
    clientOf('front-encrypted', metadata);
    const { answer } = await codeOf(mesh, acme, { clientId: 'front-encrypted', front });
    const { text } = await decrypted((answer.outcome === 'issued' && answer.front?.idToken) || '', 'ECDH-ES');
    expect((await jwtVerify(text, await published(), { issuer })).payload.sub).toBe(acme.alice.sub);
    clientOf('front-keyless', { ...metadata, jwks: { keys: [] } });
    const recorded = async () => (await mesh.recorded('signet.token.code.issued.v1')).length;
    const before = await recorded();
    const refused = await codeOf(mesh, acme, { clientId: 'front-keyless', front });
    expect(refused.answer).toEqual({ outcome: 'no_encryption_key' });
    expect(await recorded()).toBe(before);
  });

  it('are encrypted with a key from the jwks_uri, which is read once', async () => {
    site.body = JSON.stringify({ keys: publicJwks });
    const before = site.asked;
    const population = clientOf('remote', { idTokenEncryptedResponseAlg: 'RSA-OAEP-256', jwksUri });
    for (const tokens of [await signedIn(population), await signedIn(population)]) {
      const { text } = await decrypted(tokens.id_token ?? '', 'RSA-OAEP-256');
      expect(decodeJwt(text).sub).toBe(acme.alice.sub);
    }
    expect(site.asked).toBe(before + 1);
  });
});

describe('a client whose encryption key cannot be had', () => {
  const none = { status: 400, error: 'invalid_request', retryAfter: null };
  it.each<[string, Partial<ClientWithSecrets>, typeof none | { status: 503; error: string; retryAfter: string }]>([
    ['it has no keys', {}, none],
    ['its keys are for signatures', { jwks: { keys: [{ kty: 'RSA', use: 'sig' }] } }, none],
    [
      'its site is away',
      { jwksUri: 'https://127.0.0.1/jwks' },
      { status: 503, error: 'temporarily_unavailable', retryAfter: '5' },
    ],
  ])('is told, and nothing is spent: %s', async (what, metadata, { status, error, retryAfter }) => {
    const clientId = `keyless ${what}`.replaceAll(' ', '-');
    const population = clientOf(clientId, { idTokenEncryptedResponseAlg: 'RSA-OAEP-256', ...metadata });
    const { authorization, shop } = population;
    const { code } = await codeOf(mesh, population, { clientId });
    const refused = await post(mesh.replicas[0], '/token', redemption(code), { authorization });
    expect(refused).toMatchObject({ status, body: { error } });
    expect(refused.headers.get('retry-after')).toBe(retryAfter);
    expect(refused.body).not.toHaveProperty('access_token');
    // A replica that has no copy yet reads a client that has mended its registration.
    mesh.directory.clients.splice(mesh.directory.clients.indexOf(shop), 1, { ...shop, jwks: { keys: publicJwks } });
    const fresh = await mesh.start();
    const redeemed = await post(fresh, '/token', redemption(code), { authorization });
    await fresh.stop();
    expect(redeemed.status).toBe(200);
    await decrypted(String(redeemed.body['id_token']), 'RSA-OAEP-256');
  });

  it('may still act for itself', async () => {
    const grantTypes = ['client_credentials'] as const;
    const { authorization } = clientOf('keyless-robot', {
      grantTypes: [...grantTypes],
      idTokenEncryptedResponseAlg: 'RSA-OAEP-256',
    });
    const answer = await post(mesh.replicas[0], '/token', { grant_type: 'client_credentials' }, { authorization });
    expect(answer.status).toBe(200);
  });

  it('is told nothing in the clear by userinfo', async () => {
    const { access_token } = await signedIn(clientOf('keyless-userinfo', { userinfoEncryptedResponseAlg: 'ECDH-ES' }));
    const answer = await userinfo(access_token);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('alice');
  });
});

describe('userinfo', () => {
  const claims = () => ({ sub: acme.alice.sub, email: 'alice@acme.example', email_verified: true });

  it.each(signingAlgorithms)('is signed by %s', async (alg) => {
    const population = clientOf(`userinfo-${alg}`, { userinfoSignedResponseAlg: alg });
    const { access_token } = await signedIn(population);
    const answer = await userinfo(access_token);
    expect(answer).toMatchObject({ status: 200, type: 'application/jwt' });
    const { payload } = await jwtVerify(answer.body, await published(), { algorithms: [alg] });
    expect(payload).toEqual({ ...claims(), iss: issuer, aud: population.shop.clientId });
  });

  it('is no token: neither an access token nor an ID token hint is made of it', async () => {
    const population = clientOf('userinfo-confused', { userinfoSignedResponseAlg: 'ES256' });
    const { body } = await userinfo((await signedIn(population)).access_token);
    expect((await userinfo(body)).status).toBe(401);
    expect(claimsOf(body)).not.toHaveProperty('exp');
  });

  it.each(keyEncryptionAlgorithms)('is encrypted alone by %s', async (alg) => {
    const population = clientOf(`userinfo-encrypted-${alg}`, {
      userinfoEncryptedResponseAlg: alg,
      userinfoEncryptedResponseEnc: 'A256GCM',
      jwks: { keys: publicJwks },
    });
    const answer = await userinfo((await signedIn(population)).access_token);
    expect(answer).toMatchObject({ status: 200, type: 'application/jwt' });
    const { text, header } = await decrypted(answer.body, alg);
    expect(header).toMatchObject({ alg, enc: 'A256GCM' });
    expect(header).not.toHaveProperty('cty');
    expect(JSON.parse(text)).toEqual(claims());
  });

  it.each(keyEncryptionAlgorithms)('is signed, then encrypted by %s', async (alg) => {
    const population = clientOf(`userinfo-nested-${alg}`, {
      userinfoSignedResponseAlg: 'PS256',
      userinfoEncryptedResponseAlg: alg,
      jwks: { keys: publicJwks },
    });
    const answer = await userinfo((await signedIn(population)).access_token);
    const { text, header } = await decrypted(answer.body, alg);
    expect(header).toMatchObject({ cty: 'JWT', enc: 'A128CBC-HS256' });
    const { payload } = await jwtVerify(text, await published(), { issuer, audience: population.shop.clientId });
    expect(payload).toMatchObject(claims());
  });
});

describe('subjects', () => {
  const pairwise = (clientId: string, host: string) =>
    clientOf(clientId, {
      subjectType: 'pairwise',
      redirectUris: ['https://shop.example/callback'],
      sectorIdentifierUri: `https://${host}/sector`,
    });

  it('of a pairwise client are its sector’s, in each token and answer, and nobody else’s', async () => {
    const [here, beside, elsewhere] = [
      pairwise('pairwise-here', 'here.example'),
      pairwise('pairwise-beside', 'here.example'),
      pairwise('pairwise-elsewhere', 'elsewhere.example'),
    ];
    const subjects: unknown[] = [];
    for (const population of [here, beside, elsewhere, acme]) {
      const { authorization } = population;
      const tokens = await signedIn(population);
      const again = await post(mesh.replicas[0], '/token', refresh(tokens.refresh_token), { authorization });
      const introspected = await post(
        mesh.replicas[0],
        '/introspect',
        { token: tokens.access_token },
        { authorization },
      );
      const seen = [
        claimsOf(tokens.id_token ?? '')['sub'],
        claimsOf(tokens.access_token)['sub'],
        claimsOf(String(again.body['id_token']))['sub'],
        (JSON.parse((await userinfo(tokens.access_token)).body) as { sub: unknown }).sub,
        introspected.body['sub'],
      ];
      expect(new Set(seen).size).toBe(1);
      subjects.push(seen[0]);
    }
    const [first, second, third, open] = subjects;
    expect(second).toBe(first);
    expect(open).toBe(acme.alice.sub);
    expect(new Set([first, third, open]).size).toBe(3);
  });

  it('of the front channel are the same', async () => {
    const population = pairwise('pairwise-front', 'here.example');
    const front = { accessToken: true, idToken: { alg: 'RS256' as const } };
    const { answer } = await codeOf(mesh, acme, { clientId: population.shop.clientId, front });
    const issued = answer.outcome === 'issued' ? answer.front : undefined;
    const { id_token: jwt = '' } = await signedIn(population);
    for (const token of [issued?.idToken, issued?.accessToken?.token]) {
      expect(claimsOf(token ?? '')['sub']).toBe(claimsOf(jwt)['sub']);
    }
  });
});
