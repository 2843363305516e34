import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pushedReference, resolveRequest } from '@signet/contracts';
import { digests } from '@signet/keys';
import { parsePushedRequestUri } from '@signet/protocol';
import { base64url } from 'jose';
import { DpopBench, own, robot } from './support/dpop-bench.js';
import { postWithProofs, Prover } from './support/dpop.js';
import { basic, claimsOf, codeOf, populate, post, redemption, secret } from './support/population.js';
import { issuer } from './support/token-replicas.js';

let on: DpopBench;
beforeAll(async () => {
  on = await DpopBench.start();
});
afterAll(() => on.mesh.stop());
beforeEach(() => on.tellNonce());

describe('a DPoP proof at /token', () => {
  it('binds the access token to its key, and introspection says so', async () => {
    const tokens = await on.boundTokens();
    expect(tokens).toMatchObject({ token_type: 'DPoP' });
    expect(claimsOf(tokens.access_token)).toMatchObject({ cnf: { jkt: on.alice.jkt } });
    const { body } = await post(
      on.mesh.replicas[1],
      '/introspect',
      { token: tokens.access_token },
      { authorization: on.acme.authorization },
    );
    expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: on.alice.jkt } });
  });

  it.each(['RS256', 'PS256', 'EdDSA', 'Ed25519'])('may be signed with %s', async (alg) => {
    const prover = await Prover.create(alg, on.alice.nonce);
    const { body } = await on.send(own, prover.proof(), robot);
    expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { jkt: prover.jkt } });
  });

  it('is not asked of a client that may have bearer tokens', async () => {
    const { body, headers } = await on.send(own, undefined, robot);
    expect(body).toMatchObject({ token_type: 'Bearer' });
    expect(claimsOf(String(body['access_token']))).not.toHaveProperty('cnf');
    expect(headers.has('DPoP-Nonce')).toBe(false);
  });

  it('is asked of a client of dpop_bound_access_tokens, and nothing is spent without', async () => {
    const { code } = await codeOf(on.mesh, on.acme, { clientId: 'bound' });
    const bound = basic('bound', secret);
    const refused = await on.send(redemption(code), undefined, bound);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await on.send(redemption(code), on.alice.proof(), bound)).toMatchObject({ status: 200 });
  });
});

describe('a DPoP proof at /par', () => {
  const request = {
    response_type: 'code',
    redirect_uri: 'https://shop.example/callback',
    scope: 'openid',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  };
  const push = async (proof: Promise<string>, fields: Record<string, string> = {}) =>
    post(
      on.mesh.replicas[0],
      '/par',
      { ...request, ...fields },
      { authorization: on.acme.authorization, DPoP: await proof },
    );
  const proofOf = (prover: Prover, claims = {}) => prover.proof({ htu: `${issuer}/par`, ...claims });

  it('stands for the dpop_jkt of the request', async () => {
    const pushed = await push(proofOf(on.alice));
    expect(pushed).toMatchObject({ status: 201 });
    const reference = parsePushedRequestUri(String(pushed.body['request_uri']), digests);
    const asked = { pushed: pushedReference.parse(reference) };
    const found = await on.mesh.ask(resolveRequest, { tenantId: on.acme.tenant.id, clientId: 'shop', asked });
    expect(JSON.stringify(found)).toContain(on.alice.jkt);
    expect(pushed.headers.get('DPoP-Nonce')).toBeTruthy();
  });

  it('has to be of the key that dpop_jkt names, where both are there', async () => {
    expect(await push(proofOf(on.alice), { dpop_jkt: on.alice.jkt })).toMatchObject({ status: 201 });
    expect(await push(proofOf(on.alice), { dpop_jkt: on.mallory.jkt })).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another endpoint', { htu: `${issuer}/token` }, 'invalid_dpop_proof'],
    ['no nonce', { nonce: undefined }, 'use_dpop_nonce'],
  ])('is refused with %s', async (_what, claims, error) => {
    expect(await push(proofOf(on.alice, claims))).toMatchObject({ status: 400, body: { error } });
  });
});

describe('the nonce', () => {
  it('is told by use_dpop_nonce, is good at every replica, and is told again by each answer', async () => {
    const asked = await on.send(own, on.alice.proof({ nonce: undefined }), robot);
    expect(asked).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    const nonce = asked.headers.get('DPoP-Nonce');
    expect(nonce).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    const answer = await on.send(own, on.alice.proof({ nonce }), robot, on.mesh.replicas[1]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('DPoP-Nonce')).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('DPoP-Nonce');
  });

  it('is no refusal: asking for one is no event', async () => {
    await on.send(own, on.alice.proof({ nonce: 'old' }), robot);
    await on.send(own, on.alice.proof({ htm: 'GET' }), robot);
    const reasons = (await on.mesh.recorded('signet.token.client.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('dpop_htm');
    expect(reasons.filter((reason) => String(reason).includes('nonce'))).toEqual([]);
  });

  it('of one tenant is none at another', async () => {
    const globex = await populate(on.mesh, 'globex');
    on.mesh.directory.clients.push({ ...on.acme.robot, tenantId: globex.tenant.id });
    const htu = `${issuer}/token/t/globex`;
    const answer = await post(on.mesh.replicas[0], '/token/t/globex', own, {
      authorization: robot,
      DPoP: await on.alice.proof({ htu }),
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  });
});

const now = () => Math.floor(Date.now() / 1000);

describe('refused at /token', () => {
  it.each<[string, () => Promise<string>]>([
    ['another htm', () => on.alice.proof({ htm: 'GET' })],
    ['another htu', () => on.alice.proof({ htu: `${issuer}/userinfo` })],
    ['the htu that the Host header would make', () => on.alice.proof({ htu: `${on.mesh.replicas[0].origin}/token` })],
    ['an iat that is too old', () => on.alice.proof({ iat: now() - 75 })],
    ['an iat in the future', () => on.alice.proof({ iat: now() + 25 })],
    ['no iat', () => on.alice.proof({ iat: undefined })],
    ['no jti', () => on.alice.proof({ jti: undefined })],
    ['a jti that is too long', () => on.alice.proof({ jti: 'j'.repeat(257) })],
    ['another typ', () => on.alice.proof({}, { typ: 'JWT' })],
    ['no key', () => on.alice.proof({}, { jwk: undefined })],
    ['the private key in jwk', () => on.alice.proof({}, { jwk: on.alice.privateJwk })],
    ['the key of somebody else', () => on.alice.proof({}, { jwk: on.mallory.jwk })],
    ['alg none', async () => unsigned(await on.alice.proof(), 'none')],
    ['a symmetric alg', async () => unsigned(await on.alice.proof(), 'HS256')],
    ['another alg than that of the key', async () => unsigned(await on.alice.proof(), 'RS256')],
    ['a changed claim', async () => altered(await on.alice.proof())],
    ['what is no JWT', () => Promise.resolve('abc')],
  ])('is a proof with %s', async (_what, make) => {
    const answer = await on.send(own, make(), robot);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    expect(answer.body).not.toHaveProperty('access_token');
  });

  it('are two headers, of the same proof too', async () => {
    const proof = await on.alice.proof();
    const answer = await postWithProofs(
      on.mesh.replicas[0],
      '/token',
      'grant_type=client_credentials',
      { authorization: robot },
      [proof, proof],
    );
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    expect(await on.send(own, Promise.resolve(proof), robot)).toMatchObject({ status: 200 });
  });
});

/** The same claims under another alg, without a signature of it. */
function unsigned(proof: string, alg: string): string {
  const [, claims = '', signature = ''] = proof.split('.');
  const header = base64url.encode(JSON.stringify({ alg, typ: 'dpop+jwt', jwk: on.alice.jwk }));
  return `${header}.${claims}.${alg === 'none' ? '' : signature}`;
}

function altered(proof: string): string {
  const [header = '', , signature = ''] = proof.split('.');
  const claims = { htm: 'POST', htu: `${issuer}/token`, iat: now(), jti: 'x', nonce: on.alice.nonce };
  return `${header}.${base64url.encode(JSON.stringify(claims))}.${signature}`;
}

describe('a proof that comes again', () => {
  it('is taken once, of twenty at once at two replicas', async () => {
    const proof = await on.alice.proof();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        on.send(own, Promise.resolve(proof), robot, on.mesh.replicas[index % 2 === 0 ? 0 : 1]),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_dpop_proof')).toHaveLength(19);
  });

  it('is known after a restart', async () => {
    const proof = await on.alice.proof();
    expect((await on.send(own, Promise.resolve(proof), robot)).status).toBe(200);
    const fresh = await on.mesh.start();
    const again = await on.send(own, Promise.resolve(proof), robot, fresh);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    await fresh.stop();
  });

  it('spends no code', async () => {
    const proof = await on.alice.proof();
    await on.send(own, Promise.resolve(proof), robot);
    const { code } = await codeOf(on.mesh, on.acme);
    expect(await on.send(redemption(code), Promise.resolve(proof))).toMatchObject({ status: 400 });
    expect(await on.send(redemption(code), on.alice.proof())).toMatchObject({ status: 200 });
  });

  it('is nothing to another key with the same jti', async () => {
    const jti = 'one-for-both';
    expect((await on.send(own, on.alice.proof({ jti }), robot)).status).toBe(200);
    expect((await on.send(own, on.mallory.proof({ jti }), robot)).status).toBe(200);
  });
});
