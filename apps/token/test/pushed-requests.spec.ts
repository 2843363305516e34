import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueGrant, pushedReference, resolveRequest } from '@signet/contracts';
import { digests } from '@signet/keys';
import { clientWithSecretsSchema, parsePushedRequestUri, type ClientWithSecrets } from '@signet/protocol';
import { clientSigner, type ClientSigner } from './support/client-signer.js';
import {
  api,
  basic,
  meddle,
  path,
  populate,
  post,
  redemption,
  secret,
  signInOf,
  tokensOf,
  type Answer,
  type Population,
} from './support/population.js';
import { issuer, runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let globex: Population;
let signer: ClientSigner;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  [acme, globex, signer] = [await populate(mesh), await populate(mesh, 'globex'), await clientSigner()];
  const jwks = { keys: [signer.jwk] };
  add({ clientId: 'signer', tokenEndpointAuthMethod: 'private_key_jwt', secretHashes: [], jwks });
  add({ clientId: 'must-sign', requireSignedRequestObject: true, jwks });
}, 60_000);
afterAll(() => mesh.stop());

const add = (changes: Partial<ClientWithSecrets>) => {
  mesh.directory.clients.push(clientWithSecretsSchema.parse({ ...acme.shop, ...changes }));
};

const challenge = digests.sha256('v'.repeat(43));
const asked = {
  client_id: 'shop',
  response_type: 'code',
  redirect_uri: 'https://shop.example/callback',
  scope: 'openid demo:read',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

const push = (
  fields: Record<string, string> | string[][],
  headers: Record<string, string> = { authorization: acme.authorization },
  population = acme,
): Promise<Answer> => post(mesh.replicas[0], path(population.tenant, '/par'), fields, headers);
const pushed = async (fields: Record<string, string> = asked, headers?: Record<string, string>) =>
  String((await push(fields, headers)).body['request_uri']);

const referenceOf = (uri: string) => pushedReference.parse(parsePushedRequestUri(uri, digests));
const resolve = (uri: string, clientId = 'shop', population = acme) =>
  mesh.ask(resolveRequest, { tenantId: population.tenant.id, clientId, asked: { pushed: referenceOf(uri) } });
const issue = (uri: string, population = acme) => {
  const now = mesh.replicas[0].service.parts.database.now();
  return signInOf(population, now, { pushed: referenceOf(uri), codeChallenge: challenge });
};

describe('a pushed request', () => {
  it('is answered by 201 and a reference, which leads to what was asked for', async () => {
    const answer = await push({ ...asked, unknown: 'kept', client_secret: '' });
    expect(answer).toMatchObject({ status: 201, body: { expires_in: 300 } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const uri = String(answer.body['request_uri']);
    expect(uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w.-]{66}$/);
    const parameters = Object.fromEntries(Object.entries({ ...asked, unknown: 'kept' }).map(([k, v]) => [k, [v]]));
    expect(await resolve(uri)).toEqual({ outcome: 'resolved', parameters });
    expect(await resolve(uri)).toMatchObject({ outcome: 'resolved' });
  });

  it('needs no client_id beside what authenticates the client, and keeps no credentials', async () => {
    const uri = await pushed({ ...asked, client_id: '', ...(await signer.assertion('signer', `${issuer}/par`)) }, {});
    const resolved = await resolve(uri, 'signer');
    if (resolved.outcome !== 'resolved') throw new Error(resolved.error);
    expect(Object.keys(resolved.parameters).sort()).toEqual(Object.keys(asked).sort());
    expect(resolved.parameters['client_id']).toEqual(['signer']);
  });

  it('of a public client is taken', async () => {
    expect((await push({ ...asked, client_id: 'spa' }, {})).status).toBe(201);
  });

  it('may name a person by an ID token of its client, and by no other', async () => {
    const { id_token: hint = '' } = await tokensOf(mesh, acme, { scopes: ['openid'] });
    expect(await push({ ...asked, id_token_hint: hint })).toMatchObject({ status: 201 });
    const foreign = { status: 400, body: { error: 'invalid_request' } };
    expect(await push({ ...asked, client_id: 'spa', id_token_hint: hint }, {})).toMatchObject(foreign);
    const abroad = push({ ...asked, id_token_hint: hint }, { authorization: globex.authorization }, globex);
    expect(await abroad).toMatchObject(foreign);
    expect(await push({ ...asked, id_token_hint: 'x' })).toMatchObject(foreign);
  });

  it('keeps several resources', async () => {
    const fields = [...Object.entries(asked), ['resource', api], ['resource', api]];
    const answer = await push(fields);
    expect(await resolve(String(answer.body['request_uri']))).toMatchObject({ parameters: { resource: [api, api] } });
  });

  it('takes one statement, and is recorded without what it asks for', async () => {
    await pushed();
    await mesh.replicas[0].statements();
    await pushed({ ...asked, login_hint: 'alice@shop.example' });
    expect(await mesh.replicas[0].statements()).toEqual({ 'token.request.push': 1 });
    const [event] = (await mesh.recorded('signet.token.request.pushed.v1', acme.tenant)).slice(-1);
    expect(event).toMatchObject({ client: 'shop', data: {} });
    expect(JSON.stringify(event)).not.toContain('alice@shop.example');
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['a wrong redirect_uri', { redirect_uri: 'https://evil.example/' }, 400, 'invalid_request'],
    ['no redirect_uri', { redirect_uri: '' }, 400, 'invalid_request'],
    ['an unknown response_type', { response_type: 'nonsense' }, 400, 'unsupported_response_type'],
    ['a scope of nobody', { scope: 'nothing' }, 400, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://nobody.example' }, 400, 'invalid_target'],
    ['the challenge in the clear', { code_challenge_method: 'plain' }, 400, 'invalid_request'],
    ['a reference to something else', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 400, 'invalid_request'],
    ['a request object that is none', { request: 'x' }, 400, 'invalid_request_object'],
    ['another client_id', { client_id: 'robot' }, 400, 'invalid_request'],
  ])('with %s is refused', async (_what, changes, status, error) => {
    expect(await push({ ...asked, ...changes })).toMatchObject({ status, body: { error } });
  });

  // RFC 9126 section 2.3
  it('of more than 64 KiB is refused whole', async () => {
    expect(await push({ ...asked, unknown: 'x'.repeat(65_536) })).toMatchObject({ status: 413 });
  });

  it('of nobody is refused', async () => {
    const answer = await push(asked, { authorization: basic('shop', 'wrong') });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  it('may hold a request object, and nothing beside it counts', async () => {
    const request = await signer.sign({ ...asked, client_id: 'must-sign', state: 'inside' });
    const headers = { authorization: basic('must-sign', secret) };
    const uri = await pushed({ request, state: 'outside', code_challenge: 'x', nonce: 'outside' }, headers);
    const resolved = await resolve(uri, 'must-sign');
    expect(resolved).toMatchObject({ parameters: { state: ['inside'], code_challenge: [challenge] } });
    expect(resolved).not.toHaveProperty('parameters.nonce');
    expect(await push({ ...asked, client_id: 'must-sign' }, headers)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});

describe('a reference', () => {
  const refused = { outcome: 'refused', error: 'invalid_request_uri' };

  it("of another client or tenant, or with another's secret, leads nowhere", async () => {
    const [uri, other] = [await pushed(), await pushed()];
    expect(await resolve(uri, 'spa')).toMatchObject(refused);
    expect(await resolve(uri, 'shop', globex)).toMatchObject(refused);
    const [head] = uri.split('.');
    const [, secretOfOther] = other.split('.');
    expect(await resolve(`${head ?? ''}.${secretOfOther ?? ''}`)).toMatchObject(refused);
    expect(await resolve(uri)).toMatchObject({ outcome: 'resolved' });
  });

  it('is followed by one statement', async () => {
    const uri = await pushed();
    await mesh.replicas[0].statements();
    await mesh.replicas[1].statements();
    await resolve(uri);
    const statements = await Promise.all(mesh.replicas.map((replica) => replica.statements()));
    expect(Object.assign({}, ...statements)).toEqual({ 'token.request.find': 1 });
  });

  it('that has expired leads nowhere, and what was begun with it may be ended', async () => {
    const uri = await pushed();
    const { id } = referenceOf(uri);
    await meddle(mesh, `update token.pushed_request set expires_at = now() where id = '${id}'`);
    expect(await resolve(uri)).toMatchObject(refused);
    expect(await mesh.ask(issueGrant, issue(uri).request)).toEqual({ outcome: 'issued' });
  });

  it('is spent when the code is made, and not before', async () => {
    const uri = await pushed();
    const { request, code } = issue(uri);
    expect(
      await mesh.ask(issueGrant, { ...request, consent: 'remembered', scopes: ['demo:read', 'email'] }),
    ).toMatchObject({
      outcome: 'consent_required',
    });
    expect(await resolve(uri)).toMatchObject({ outcome: 'resolved' });
    expect(await mesh.ask(issueGrant, request)).toEqual({ outcome: 'issued' });
    expect(await resolve(uri)).toMatchObject(refused);
    expect(await mesh.ask(issueGrant, issue(uri).request)).toEqual({ outcome: 'request_spent' });
    const { authorization } = acme;
    expect((await post(mesh.replicas[0], '/token', redemption(code), { authorization })).status).toBe(200);
  });

  it('makes one code, however many ask at once', async () => {
    const uri = await pushed();
    const answers = await Promise.all(Array.from({ length: 12 }, () => mesh.ask(issueGrant, issue(uri).request)));
    expect(answers.filter(({ outcome }) => outcome === 'issued')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'request_spent')).toHaveLength(11);
  });

  it('of another client is no way to a code', async () => {
    const uri = await pushed({ ...asked, client_id: 'spa' }, {});
    expect(await mesh.ask(issueGrant, issue(uri).request)).toEqual({ outcome: 'request_spent' });
    expect(await resolve(uri, 'spa')).toMatchObject({ outcome: 'resolved' });
  });
});
