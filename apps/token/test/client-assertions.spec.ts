import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digests, sealToText } from '@signet/keys';
import { clientWithSecretsSchema, type ClientWithSecrets } from '@signet/protocol';
import {
  assertionClaims,
  assertionFields,
  clientSigner,
  signerOf,
  unsigned,
  type ClientSigner,
} from './support/client-signer.js';
import { path, populate, post, secret, type Population } from './support/population.js';
import { issuer, runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let globex: Population;
let signer: ClientSigner;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  [acme, globex, signer] = [await populate(mesh), await populate(mesh, 'globex'), await clientSigner()];
  for (const { robot, tenant } of [acme, globex]) {
    add(robot, { clientId: 'signer', tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [signer.jwk] } });
    const sealed = sealToText(mesh.keyring, 'client', secret, [tenant.id, 'client_secret', 'secret', 'maccer']);
    add(robot, {
      clientId: 'maccer',
      tokenEndpointAuthMethod: 'client_secret_jwt',
      secretHashes: [digests.sha256(secret)],
      sealedSecrets: [sealed],
    });
  }
}, 60_000);
afterAll(() => mesh.stop());

const add = (like: ClientWithSecrets, changes: Partial<ClientWithSecrets>) => {
  mesh.directory.clients.push(clientWithSecretsSchema.parse({ ...like, secretHashes: [], ...changes }));
};

const clientCredentials = { grant_type: 'client_credentials' };
const ask = (fields: Record<string, string>, replica: 0 | 1 = 0, population = acme) =>
  post(mesh.replicas[replica], path(population.tenant, '/token'), { ...clientCredentials, ...fields });
const reasons = async () => {
  const events = await mesh.recorded('signet.token.client.refused.v1', acme.tenant);
  return events.map((event) => event['reason']);
};
const mac = signerOf(Buffer.from(secret), { alg: 'HS256' });

describe('private_key_jwt', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'])('by %s', async (alg) => {
    const own = await clientSigner(alg);
    const clientId = `signer-${alg}`;
    add(acme.robot, { clientId, tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [own.jwk] } });
    expect(await ask(await own.assertion(clientId, issuer))).toMatchObject({ status: 200 });
  });

  // OpenID Connect Dynamic Client Registration 1.0 section 2, token_endpoint_auth_signing_alg; RFC 9864 section 2.2.
  it.each([
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const)('by %s is exactly that where it is registered, and not %s', async (registered, other) => {
    const own = await clientSigner(registered);
    const clientId = `only-${registered}`;
    add(acme.robot, {
      clientId,
      tokenEndpointAuthMethod: 'private_key_jwt',
      tokenEndpointAuthSigningAlg: registered,
      jwks: { keys: [{ ...own.jwk, alg: undefined }] },
    });
    const renamed = await own.assertion(clientId, issuer, {}, { alg: other });
    expect(await ask(renamed)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await ask(await own.assertion(clientId, issuer))).status).toBe(200);
  });

  it.each([
    ['/token', { grant_type: 'client_credentials' }, 200],
    ['/introspect', { token: 'x' }, 200],
    ['/revoke', { token: 'x' }, 200],
  ])('at %s, by issuer, token endpoint, endpoint and all of them', async (endpoint, fields, status) => {
    const at = `${issuer}${endpoint}`;
    for (const aud of [issuer, `${issuer}/token`, at, [issuer, `${issuer}/token`, at, `${issuer}/par`]]) {
      const answer = await post(mesh.replicas[0], endpoint, { ...fields, ...(await signer.assertion('signer', aud)) });
      expect(answer.status).toBe(status);
    }
  });

  it('with another key of the set, and with a kid that it does not know only without', async () => {
    const second = await clientSigner();
    const keys = [signer.jwk, second.jwk];
    add(acme.robot, { clientId: 'two-keys', tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys } });
    for (const own of [signer, second]) {
      expect((await ask(await own.assertion('two-keys', issuer))).status).toBe(200);
      expect((await ask(await own.assertion('two-keys', issuer, {}, { kid: undefined }))).status).toBe(200);
    }
    expect((await ask(await signer.assertion('two-keys', issuer, {}, { kid: 'unknown' }))).status).toBe(401);
  });
});

describe('client_secret_jwt', () => {
  it.each(['HS256', 'HS384', 'HS512'])('by %s', async (alg) => {
    const long = 's'.repeat(64);
    const clientId = `maccer-${alg}`;
    const place = [acme.tenant.id, 'client_secret', 'secret', clientId];
    const sealedSecrets = [sealToText(mesh.keyring, 'client', long, place)];
    add(acme.robot, { clientId, tokenEndpointAuthMethod: 'client_secret_jwt', sealedSecrets });
    const jwt = await signerOf(Buffer.from(long), { alg })(assertionClaims(clientId, issuer));
    expect((await ask(assertionFields(jwt))).status).toBe(200);
  });

  it('is no proof with another secret', async () => {
    const other = signerOf(Buffer.from('x'.repeat(32)), { alg: 'HS256' });
    expect((await ask(assertionFields(await other(assertionClaims('maccer', issuer))))).status).toBe(401);
    expect((await ask(assertionFields(await mac(assertionClaims('maccer', issuer))))).status).toBe(200);
  });
});

// RFC 9700, RFC 8725, CVE-2025-27370.
describe('an attack', () => {
  it.each<[string, () => Promise<Record<string, string>>, string]>([
    ['an assertion for another server', () => signer.assertion('signer', 'https://evil.example'), 'audience'],
    ['for another server as well', () => signer.assertion('signer', [issuer, 'https://evil.example']), 'audience'],
    ['for another tenant', () => signer.assertion('signer', `${issuer}/t/globex`), 'audience'],
    ['for another endpoint alone', () => signer.assertion('signer', `${issuer}/introspect`), 'audience'],
    ['long expired', () => signer.assertion('signer', issuer, { exp: 1 }), 'expired'],
    ['good for an hour', () => signer.assertion('signer', issuer, { exp: Date.now() / 1_000 + 3_600 }), 'lifetime'],
    ['without exp', () => signer.assertion('signer', issuer, { exp: undefined }), 'claims'],
    ['without jti', () => signer.assertion('signer', issuer, { jti: undefined }), 'claims'],
    ['of another issuer', () => signer.assertion('signer', issuer, { iss: 'shop' }), 'subject'],
    ['unsigned', () => Promise.resolve(assertionFields(unsigned(assertionClaims('signer', issuer)))), 'algorithm'],
    [
      'a MAC under the public key',
      async () => {
        const key = Buffer.from(JSON.stringify(signer.jwk));
        return assertionFields(await signerOf(key, { alg: 'HS256' })(assertionClaims('signer', issuer)));
      },
      'algorithm',
    ],
    ['a signature where a MAC is registered', () => signer.assertion('maccer', issuer), 'algorithm'],
    [
      'with a key of its own in the header',
      async () => {
        const other = await clientSigner();
        return other.assertion('signer', issuer, {}, { jwk: other.jwk, kid: signer.jwk['kid'] });
      },
      'malformed',
    ],
    [
      'by a key that another client registered',
      async () => {
        const other = await clientSigner();
        const jwks = { keys: [other.jwk] };
        add(acme.robot, { clientId: 'neighbour', tokenEndpointAuthMethod: 'private_key_jwt', jwks });
        return other.assertion('signer', issuer);
      },
      'unknown_key',
    ],
    ['by a path for a kid', () => signer.assertion('signer', issuer, {}, { kid: '../../etc/passwd' }), 'unknown_key'],
    [
      'of the class of a request object',
      () => signer.assertion('signer', issuer, {}, { typ: 'oauth-authz-req+jwt' }),
      'type',
    ],
  ])('%s gets 401', async (_what, make, fault) => {
    const answer = await ask(await make());
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    if (fault !== 'malformed') expect(await reasons()).toContain(`assertion_${fault}`);
  });

  it.each(['jku', 'x5u'])('a header that points inside by %s is followed nowhere', async (name) => {
    const pointing = await signer.assertion('signer', issuer, {}, { [name]: `${mesh.replicas[0].origin}/jwks` });
    expect((await ask(pointing)).status).toBe(401);
  });

  it('a critical header is understood for nothing', async () => {
    const jwt = await signer.sign(assertionClaims('signer', issuer));
    const [, claims = '', signature = ''] = jwt.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: signer.jwk['kid'], crit: ['exp'], exp: 1 }));
    expect((await ask(assertionFields(`${header.toString('base64url')}.${claims}.${signature}`))).status).toBe(401);
  });

  it('the registered algorithm and no other', async () => {
    const jwks = { keys: [signer.jwk] };
    const only = { tokenEndpointAuthMethod: 'private_key_jwt', tokenEndpointAuthSigningAlg: 'PS256' } as const;
    add(acme.robot, { clientId: 'ps-only', ...only, jwks });
    expect((await ask(await signer.assertion('ps-only', issuer))).status).toBe(401);
  });
});

describe('an assertion', () => {
  it('is good once, whichever replica sees it', async () => {
    const fields = await signer.assertion('signer', issuer);
    expect((await ask(fields, 0)).status).toBe(200);
    for (const replica of [0, 1] as const) {
      expect(await ask(fields, replica)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
    expect(await reasons()).toContain('assertion_replayed');
  });

  it('presented many times at once at two replicas is good once', async () => {
    const fields = await signer.assertion('signer', issuer);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(fields, index % 2 === 0 ? 0 : 1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(11);
  });

  it('that failed is not spent, and its jti is good', async () => {
    const claims = assertionClaims('signer', issuer);
    const forged = await (await clientSigner('ES256', String(signer.jwk['kid']))).sign(claims);
    expect((await ask(assertionFields(forged))).status).toBe(401);
    expect((await ask(assertionFields(await signer.sign({ ...claims, aud: 'https://evil.example' })))).status).toBe(
      401,
    );
    expect((await ask(assertionFields(await signer.sign(claims)))).status).toBe(200);
  });

  it('of one tenant is none of another, and its jti neither', async () => {
    const claims = assertionClaims('signer', issuer);
    const elsewhere = { ...claims, aud: `${issuer}/t/globex` };
    expect((await ask(assertionFields(await signer.sign(claims)), 0, globex)).status).toBe(401);
    expect((await ask(assertionFields(await signer.sign(claims)))).status).toBe(200);
    expect((await ask(assertionFields(await signer.sign(elsewhere)), 0, globex)).status).toBe(200);
  });

  it('takes a statement, and no message', async () => {
    await ask(await signer.assertion('signer', issuer));
    const fields = await signer.assertion('signer', issuer);
    await mesh.replicas[0].statements();
    await mesh.replicas[0].messages();
    await post(mesh.replicas[0], '/introspect', { token: 'x', ...fields });
    expect(await mesh.replicas[0].statements()).toEqual({ 'token.assertion.spend': 1 });
    expect(await mesh.replicas[0].messages()).toEqual({});
  });

  it('does not come beside another method', async () => {
    const fields = await signer.assertion('signer', issuer);
    expect(await ask({ ...fields, client_secret: 'x' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    const { authorization } = acme;
    const beside = await post(mesh.replicas[0], '/token', { ...clientCredentials, ...fields }, { authorization });
    expect(beside).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});
