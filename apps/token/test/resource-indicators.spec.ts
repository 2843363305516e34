import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digests } from '@signet/keys';
import { challengeOf, clientWithSecretsSchema } from '@signet/protocol';
import {
  api,
  basic,
  claimsOf,
  codeOf,
  populate,
  post,
  redemption,
  refresh,
  secret,
  type Answer,
  type Population,
} from './support/population.js';
import { verifier } from './support/sign-in.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

const files = 'https://files.demo.example';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  acme.shop.scopes.push('files:read');
  acme.alice.authority = { version: 1, permissions: { [api]: ['notes:read'] } };
  const [catalogue] = mesh.directory.catalogues;
  for (const server of catalogue?.resourceServers ?? []) server.hasPermissions = true;
  catalogue?.resourceServers.push({
    identifier: files,
    name: 'Files',
    accessTokenSigningAlg: 'ES256',
    statusList: false,
  });
  catalogue?.scopes.push({ name: 'files:read', description: 'Read files', resourceServer: files });
  mesh.directory.clients.push(
    clientWithSecretsSchema.parse({ ...acme.robot, clientId: 'both', scopes: ['demo:read', 'files:read'] }),
  );
}, 60_000);
afterAll(() => mesh.stop());

const scopes = ['openid', 'offline_access', 'demo:read', 'files:read'];
const token = (fields: Record<string, string> | string[][], authorization = acme.authorization) =>
  post(mesh.replicas[0], '/token', fields, { authorization });
const forResources = (fields: Record<string, string>, ...resources: string[]) => [
  ...Object.entries(fields),
  ...resources.map((resource) => ['resource', resource]),
];
const audienceOf = (answer: Answer) => {
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return claimsOf(String(answer.body['access_token']))['aud'];
};
/** What the answer says was granted, and the token to whoever is handed it. */
const scopeOf = (answer: Answer) => {
  const { scope } = claimsOf(String(answer.body['access_token']));
  expect(answer.body['scope']).toBe(scope);
  return scope;
};
const refused = { status: 400, body: { error: 'invalid_target' } };

// RFC 8707 section 2.2.
describe('a code for two resources', () => {
  const codeForBoth = async () => (await codeOf(mesh, acme, { scopes, resources: [api, files] })).code;

  it('gives a token for both, or for the one that is asked for', async () => {
    expect(audienceOf(await token(redemption(await codeForBoth())))).toEqual([api, files]);
    expect(audienceOf(await token(forResources(redemption(await codeForBoth()), files)))).toBe(files);
    expect(audienceOf(await token(forResources(redemption(await codeForBoth()), files, api, files)))).toEqual([
      files,
      api,
    ]);
  });

  it('gives refresh tokens for both, each time for the one that is asked for', async () => {
    const first = await token(forResources(redemption(await codeForBoth()), files));
    expect(audienceOf(first)).toBe(files);
    const second = await token(forResources(refresh(String(first.body['refresh_token'])), api));
    expect(audienceOf(second)).toBe(api);
    const third = await token(refresh(String(second.body['refresh_token'])));
    expect(audienceOf(third)).toEqual([api, files]);
  });

  it('gives each token the scopes that its resource knows, and never fewer later on', async () => {
    const atApi = await token(forResources(redemption(await codeForBoth()), api));
    expect(scopeOf(atApi)).toBe('openid offline_access demo:read');
    const atFiles = await token(forResources(refresh(String(atApi.body['refresh_token'])), files));
    expect(scopeOf(atFiles)).toBe('openid offline_access files:read');
    const narrow = { scope: 'openid demo:read files:read' };
    const narrowed = await token(forResources(refresh(String(atFiles.body['refresh_token']), narrow), files));
    expect(scopeOf(narrowed)).toBe('openid files:read');
    const whole = await token(refresh(String(narrowed.body['refresh_token'])));
    expect(scopeOf(whole)).toBe('openid offline_access demo:read files:read');
  });

  it('gives a token for a resource of which no scope was granted, and none of another', async () => {
    const { code } = await codeOf(mesh, acme, { scopes: ['demo:read'], resources: [api, files] });
    const answer = await token(forResources(redemption(code), files));
    expect(audienceOf(answer)).toBe(files);
    expect(claimsOf(String(answer.body['access_token']))['scope'] ?? '').toBe('');
  });
});

describe('a code for one resource', () => {
  const codeForOne = async () => (await codeOf(mesh, acme, { scopes, resources: [api] })).code;

  it('gives a token without the scopes of another', async () => {
    const answer = await token(redemption(await codeForOne()));
    expect(audienceOf(answer)).toBe(api);
    expect(scopeOf(answer)).toBe('openid offline_access demo:read');
  });

  it('gives none for another, and is not spent by the attempt', async () => {
    const code = await codeForOne();
    expect(await token(forResources(redemption(code), files))).toMatchObject(refused);
    expect(await token(forResources(redemption(code), api, files))).toMatchObject(refused);
    expect(audienceOf(await token(redemption(code)))).toBe(api);
  });

  it('gives a refresh token that gives none for another, and is not spent by the attempt', async () => {
    const first = await token(redemption(await codeForOne()));
    const refreshToken = String(first.body['refresh_token']);
    expect(await token(forResources(refresh(refreshToken), files))).toMatchObject(refused);
    expect(await token(forResources(refresh(refreshToken), api, files))).toMatchObject(refused);
    expect(audienceOf(await token(refresh(refreshToken)))).toBe(api);
  });
});

it('a token tells what roles give where a scope was granted, and nowhere else', async () => {
  const permissions = async (...granted: string[]) => {
    const { code } = await codeOf(mesh, acme, { scopes: ['openid', ...granted] });
    const answer = await token(forResources(redemption(code), api));
    expect(audienceOf(answer)).toBe(api);
    return claimsOf(String(answer.body['access_token']))['permissions'];
  };
  expect(await permissions('demo:read')).toEqual(['notes:read']);
  expect(await permissions('files:read')).toBeUndefined();
});

describe('a client on its own behalf', () => {
  const both = basic('both', secret);
  it('names the resource', async () => {
    expect(audienceOf(await token({ grant_type: 'client_credentials' }, both))).toEqual([api, files]);
    const answer = await token(forResources({ grant_type: 'client_credentials' }, files), both);
    expect(audienceOf(answer)).toBe(files);
    expect(scopeOf(answer)).toBe('files:read');
    const record = (await mesh.recorded('signet.token.token.issued.v1')).at(-1);
    expect(record).toMatchObject({ data: { scopes: ['files:read'], audience: [files] } });
  });

  it('asks for no scope that the resource does not know', async () => {
    const asked = { grant_type: 'client_credentials', scope: 'demo:read' };
    const answer = await token(forResources(asked, files), both);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    const wide = await token(forResources({ ...asked, scope: 'demo:read files:read' }, files), both);
    expect(scopeOf(wide)).toBe('files:read');
  });
});

it('a pushed request asks for no scope that the resource does not know', async () => {
  const asked = {
    response_type: 'code',
    redirect_uri: 'https://shop.example/callback',
    code_challenge: challengeOf(verifier, digests),
    code_challenge_method: 'S256',
    resource: files,
  };
  const { authorization } = acme;
  const push = (scope: string) => post(mesh.replicas[0], '/par', { ...asked, scope }, { authorization });
  expect(await push('demo:read')).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  expect(await push('openid demo:read')).toMatchObject({ status: 201 });
});

it('a resource is none for a client that may have no scope there', async () => {
  const { code } = await codeOf(mesh, acme, { clientId: 'spa', scopes: ['openid'] });
  const asked = redemption(code, { client_id: 'spa' });
  expect(await post(mesh.replicas[0], '/token', { ...asked, resource: files })).toMatchObject(refused);
  const answer = await post(mesh.replicas[0], '/token', { ...asked, resource: api });
  expect(answer).toMatchObject({ status: 200 });
  expect(audienceOf(answer)).toBe(api);
});

// RFC 8707 section 2: an absolute URI without a fragment, and one that is known.
it.each(['https://nobody.example', `${api}#fragment`, `${api}/`, 'api', '//api.demo.example', ''.padEnd(1_025, 'x')])(
  '%s is no resource, wherever it is named',
  async (resource) => {
    const asked = {
      client_id: 'shop',
      response_type: 'code',
      redirect_uri: 'https://shop.example/callback',
      scope: 'openid',
      code_challenge: challengeOf(verifier, digests),
      code_challenge_method: 'S256',
    };
    const { authorization } = acme;
    const answers = [
      await token({ grant_type: 'client_credentials', resource }, basic('both', secret)),
      await post(mesh.replicas[0], '/par', { ...asked, resource }, { authorization }),
    ];
    const error = resource.length > 1_024 ? 'invalid_request' : 'invalid_target';
    for (const answer of answers) expect(answer).toMatchObject({ status: 400, body: { error } });
  },
);
