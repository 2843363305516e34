import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveRequest } from '@signet/contracts';
import { digests } from '@signet/keys';
import { clientWithSecretsSchema, type ClientWithSecrets } from '@signet/protocol';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { clientSigner, unsigned, type ClientSigner } from './support/client-signer.js';
import { get, populate, type Population } from './support/population.js';
import { issuer, runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

/** What a client serves, by path. */
const served = new Map<string, { readonly body: string; readonly type: string }>();
const fetched: string[] = [];
const site: Server = createServer((request, response) => {
  fetched.push(request.url ?? '');
  const content = served.get(request.url ?? '');
  if (content === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': content.type }).end(content.body);
});
let origin: string;

let mesh: TokenReplicas;
let acme: Population;
let signer: ClientSigner;
beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  mesh = await runTokenReplicas({ SIGNET_OUTBOUND_ALLOW: origin });
  // What is fetched is counted, and each replica keeps its own.
  await mesh.replicas[1].stop();
  acme = await populate(mesh);
  signer = await clientSigner();
  const jwks = { keys: [signer.jwk] };
  const requestUris = [`${origin}/object#old`, `${origin}/html`, `${origin}/nothing`, 'https://127.0.0.1/inside'];
  add({ clientId: 'signer', jwks, requestUris });
  add({ clientId: 'careless', jwks, requestObjectSigningAlg: 'none', requestUris });
  add({ clientId: 'rotating', jwksUri: `${origin}/jwks` });
  add({ clientId: 'inside', jwksUri: 'https://127.0.0.1/jwks' });
}, 60_000);
afterAll(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
  await mesh.stop();
});
beforeEach(() => {
  fetched.length = 0;
});

const add = (changes: Partial<ClientWithSecrets>) => {
  mesh.directory.clients.push(clientWithSecretsSchema.parse({ ...acme.shop, ...changes }));
};

type Asked = { readonly request: string } | { readonly requestUri: string };
const resolve = (asked: Asked, clientId = 'signer') =>
  mesh.ask(resolveRequest, { tenantId: acme.tenant.id, clientId, asked });

const claims = { client_id: 'signer', scope: 'openid', max_age: 60 };
const parameters = { client_id: ['signer'], scope: ['openid'], max_age: ['60'] };
const resolved = { outcome: 'resolved', parameters };
const refused = (error: string) => ({ outcome: 'refused', error });

describe('a request object by value', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'])('signed by %s', async (alg) => {
    const own = await clientSigner(alg);
    add({ clientId: `by-${alg}`, jwks: { keys: [own.jwk] }, requestObjectSigningAlg: alg as 'RS256' });
    expect(await resolve({ request: await own.sign(claims) }, `by-${alg}`)).toEqual(resolved);
  });

  it.each<[string, () => Promise<string>]>([
    ['signed by another client', async () => (await clientSigner()).sign(claims)],
    [
      'signed by another client under our kid',
      async () => (await clientSigner('ES256', String(signer.jwk['kid']))).sign(claims),
    ],
    ['for another server', () => signer.sign({ ...claims, aud: 'https://evil.example' })],
    ['that is an assertion of the client', () => signer.sign({ ...claims, iss: 'signer', sub: 'signer', aud: issuer })],
    [
      'with a key of its own',
      async () => {
        const other = await clientSigner();
        return other.sign(claims, { jwk: other.jwk });
      },
    ],
    ['that points at its key', () => signer.sign(claims, { jku: `${origin}/jwks` })],
    ['with a reference inside', () => signer.sign({ ...claims, request_uri: `${origin}/object` })],
    ['that is none', () => Promise.resolve('nonsense')],
    ['with `none` and a signature', () => Promise.resolve(unsigned(claims, 'c2lnbmF0dXJl'))],
  ])('%s is refused', async (_what, make) => {
    expect(await resolve({ request: await make() })).toMatchObject({ outcome: 'refused' });
    expect(fetched).toEqual([]);
  });

  it.each([
    [{ exp: 1 }, 'The request object has expired'],
    [{ nbf: 1e11 }, 'The request object is not valid yet'],
  ])('that is dated %j is told so', async (dates, description) => {
    const told = { ...refused('invalid_request_object'), description };
    expect(await resolve({ request: await signer.sign({ ...claims, ...dates }) })).toMatchObject(told);
    expect(await resolve({ request: unsigned({ ...claims, ...dates }) }, 'careless')).toMatchObject(told);
  });

  it('unsigned is for clients that registered it', async () => {
    expect(await resolve({ request: unsigned(claims) })).toMatchObject(refused('request_not_supported'));
    expect(await resolve({ request: unsigned(claims) }, 'careless')).toMatchObject(resolved);
    expect(await resolve({ request: unsigned(claims, 'c2ln') }, 'careless')).toMatchObject(
      refused('invalid_request_object'),
    );
  });
});

describe('an encrypted request object', () => {
  const encrypt = async (jwt: string, alg: string, enc: string) => {
    const keys = ((await get(mesh.replicas[0], '/jwks')).body as unknown as { keys: JWK[] }).keys;
    const jwk = keys.find((key) => key.use === 'enc' && key.alg === alg);
    if (jwk?.kid === undefined) throw new Error(`no key for ${alg}`);
    return new CompactEncrypt(Buffer.from(jwt))
      .setProtectedHeader({ alg, enc, kid: jwk.kid, cty: 'oauth-authz-req+jwt' })
      .encrypt(await importJWK(jwk, alg));
  };

  it.each([
    ['RSA-OAEP-256', 'A128CBC-HS256'],
    ['RSA-OAEP-256', 'A256GCM'],
    ['ECDH-ES', 'A128CBC-HS256'],
    ['ECDH-ES', 'A256GCM'],
  ])('by %s with %s is read, and held to its signature', async (alg, enc) => {
    expect(await resolve({ request: await encrypt(await signer.sign(claims), alg, enc) })).toEqual(resolved);
    const foreign = await (await clientSigner()).sign(claims);
    expect(await resolve({ request: await encrypt(foreign, alg, enc) })).toMatchObject(
      refused('invalid_request_object'),
    );
    const open = await encrypt(unsigned(claims), alg, enc);
    expect(await resolve({ request: open })).toMatchObject(refused('request_not_supported'));
  });

  it('of another algorithm than the registered one is refused', async () => {
    const registered = { requestObjectEncryptionAlg: 'ECDH-ES' } as const;
    add({ clientId: 'ecdh-only', jwks: { keys: [signer.jwk] }, ...registered });
    const jwt = await signer.sign(claims);
    const request = await encrypt(jwt, 'RSA-OAEP-256', 'A128CBC-HS256');
    expect(await resolve({ request }, 'ecdh-only')).toMatchObject(refused('invalid_request_object'));
    const right = await encrypt(jwt, 'ECDH-ES', 'A128CBC-HS256');
    expect(await resolve({ request: right }, 'ecdh-only')).toEqual(resolved);
  });
});

describe('a request object by reference', () => {
  const type = 'application/oauth-authz-req+jwt';

  it('is fetched from a registered request_uri, each time where nothing says that it stays', async () => {
    const requestUri = `${origin}/object`;
    served.set('/object', { body: await signer.sign(claims), type });
    expect(await resolve({ requestUri })).toEqual(resolved);
    served.set('/object', { body: await signer.sign({ ...claims, max_age: 61 }), type: 'application/jwt' });
    expect(await resolve({ requestUri })).toMatchObject({ parameters: { max_age: ['61'] } });
    expect(fetched).toEqual(['/object', '/object']);
  });

  it('is kept where its fragment is its hash, and fetched anew for another', async () => {
    const [first, second] = [await signer.sign(claims), await signer.sign({ ...claims, max_age: 61 })];
    const at = (body: string) => ({ requestUri: `${origin}/object#${digests.sha256(body)}` });
    served.set('/object', { body: first, type });
    await resolve(at(first));
    served.set('/object', { body: second, type });
    expect(await resolve(at(first))).toEqual(resolved);
    expect(fetched).toEqual(['/object']);
    expect(await resolve(at(second))).toMatchObject({ parameters: { max_age: ['61'] } });
    expect(fetched).toEqual(['/object', '/object']);
  });

  it('is not kept where its fragment is the hash of something else', async () => {
    const requestUri = `${origin}/object#${digests.sha256('something else')}`;
    served.set('/object', { body: await signer.sign(claims), type });
    expect([await resolve({ requestUri }), await resolve({ requestUri })]).toEqual([resolved, resolved]);
    expect(fetched).toEqual(['/object', '/object']);
  });

  it('unsigned is for clients that registered it', async () => {
    const requestUri = `${origin}/object`;
    served.set('/object', { body: unsigned(claims), type });
    expect(await resolve({ requestUri })).toMatchObject(refused('request_uri_not_supported'));
    expect(await resolve({ requestUri }, 'careless')).toEqual(resolved);
  });

  it.each([
    ['that was not registered', () => `${origin}/other`],
    ['of another host', () => 'https://evil.example/object'],
    ['that points at our metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['of a file', () => 'file:///etc/passwd'],
  ])('%s is fetched from nowhere', async (_what, requestUri) => {
    expect(await resolve({ requestUri: requestUri() })).toMatchObject(refused('invalid_request_uri'));
    expect(fetched).toEqual([]);
  });

  it.each(['/nothing', '/html'])('that leads to no request object (%s) is refused', async (at) => {
    served.set('/html', { body: await signer.sign(claims), type: 'text/html' });
    expect(await resolve({ requestUri: origin + at })).toMatchObject(refused('invalid_request_uri'));
    expect(fetched).toEqual([at]);
  });

  it('that was registered, and leads inside, is refused', async () => {
    const requestUri = 'https://127.0.0.1/inside';
    expect(await resolve({ requestUri })).toMatchObject(refused('invalid_request_uri'));
  });
});

describe('a jwks_uri', () => {
  it('is read once, and anew when the client has rotated its keys', async () => {
    const [first, second] = [await clientSigner(), await clientSigner()];
    const serve = (...keys: object[]) =>
      served.set('/jwks', { body: JSON.stringify({ keys }), type: 'application/json' });
    serve(first.jwk);
    const of = { ...claims, client_id: 'rotating' };
    for (let round = 0; round < 3; round++) {
      expect((await resolve({ request: await first.sign(of) }, 'rotating')).outcome).toBe('resolved');
    }
    expect(fetched).toEqual(['/jwks']);
    serve(second.jwk);
    expect((await resolve({ request: await second.sign(of) }, 'rotating')).outcome).toBe('resolved');
    expect(fetched).toEqual(['/jwks', '/jwks']);
  });

  it('that leads inside has no keys', async () => {
    const request = await signer.sign({ ...claims, client_id: 'inside' });
    expect(await resolve({ request }, 'inside')).toMatchObject(refused('invalid_request_object'));
  });
});
