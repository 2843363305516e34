import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pushedReference, resolveRequest } from '@signet/contracts';
import { digests } from '@signet/keys';
import { parsePushedRequestUri } from '@signet/protocol';
import { base64url } from 'jose';
import { postWithProofs, Prover } from './support/dpop.js';
import {
  basic,
  claimsOf,
  codeOf,
  get,
  populate,
  post,
  redemption,
  refresh,
  secret,
  type Answer,
  type Population,
  type Tokens,
} from './support/population.js';
import { issuer, runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';
import type { GrantRequest } from './support/sign-in.js';

let mesh: TokenReplicas;
let acme: Population;
let alice: Prover;
let mallory: Prover;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  mesh.directory.clients.push({ ...acme.shop, clientId: 'bound', dpopBoundAccessTokens: true });
  alice = await Prover.create();
  mallory = await Prover.create();
});
afterAll(() => mesh.stop());
beforeEach(async () => {
  alice.nonce = mallory.nonce = await nonceOf(mesh.replicas[0]);
});

const robot = basic('robot', secret);
const own = { grant_type: 'client_credentials' };

const send = async (
  fields: Record<string, string>,
  proof: Promise<string> | undefined,
  authorization: string | undefined = acme.authorization,
  replica: Replica = mesh.replicas[0],
): Promise<Answer> =>
  post(replica, '/token', fields, {
    ...(authorization !== '' && { authorization }),
    ...(proof && { DPoP: await proof }),
  });
const asSpa = (fields: Record<string, string>, proof: Promise<string> | undefined, replica?: Replica) =>
  send({ client_id: 'spa', ...fields }, proof, '', replica);
const userinfo = async (token: string, proof: Promise<string> | undefined, scheme = 'DPoP', at: 0 | 1 = 0) =>
  get(mesh.replicas[at], '/userinfo', { authorization: `${scheme} ${token}`, ...(proof && { DPoP: await proof }) });

async function nonceOf(replica: Replica): Promise<string> {
  const answer = await send(own, alice.proof({ nonce: undefined }), robot, replica);
  return answer.headers.get('DPoP-Nonce') ?? '';
}

async function boundTokens(changes: Partial<GrantRequest> = {}): Promise<Tokens> {
  const { code } = await codeOf(mesh, acme, changes);
  const answer = await send(redemption(code), alice.proof());
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as unknown as Tokens;
}
async function spaTokens(prover: Prover | undefined): Promise<Tokens> {
  const { code } = await codeOf(mesh, acme, { clientId: 'spa' });
  const answer = await asSpa(redemption(code), prover?.proof());
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as unknown as Tokens;
}

describe('a DPoP proof at /token', () => {
  it('binds the access token to its key, and introspection says so', async () => {
    const tokens = await boundTokens();
    expect(tokens).toMatchObject({ token_type: 'DPoP' });
    expect(claimsOf(tokens.access_token)).toMatchObject({ cnf: { jkt: alice.jkt } });
    const { body } = await post(
      mesh.replicas[1],
      '/introspect',
      { token: tokens.access_token },
      { authorization: acme.authorization },
    );
    expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: alice.jkt } });
  });

  it.each(['RS256', 'PS256', 'EdDSA', 'Ed25519'])('may be signed with %s', async (alg) => {
    const prover = await Prover.create(alg, alice.nonce);
    const { body } = await send(own, prover.proof(), robot);
    expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { jkt: prover.jkt } });
  });

  it('is not asked of a client that may have bearer tokens', async () => {
    const { body, headers } = await send(own, undefined, robot);
    expect(body).toMatchObject({ token_type: 'Bearer' });
    expect(claimsOf(String(body['access_token']))).not.toHaveProperty('cnf');
    expect(headers.has('DPoP-Nonce')).toBe(false);
  });

  it('is asked of a client of dpop_bound_access_tokens, and nothing is spent without', async () => {
    const { code } = await codeOf(mesh, acme, { clientId: 'bound' });
    const bound = basic('bound', secret);
    const refused = await send(redemption(code), undefined, bound);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await send(redemption(code), alice.proof(), bound)).toMatchObject({ status: 200 });
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
    post(mesh.replicas[0], '/par', { ...request, ...fields }, { authorization: acme.authorization, DPoP: await proof });
  const proofOf = (prover: Prover, claims = {}) => prover.proof({ htu: `${issuer}/par`, ...claims });

  it('stands for the dpop_jkt of the request', async () => {
    const pushed = await push(proofOf(alice));
    expect(pushed).toMatchObject({ status: 201 });
    const reference = parsePushedRequestUri(String(pushed.body['request_uri']), digests);
    const asked = { pushed: pushedReference.parse(reference) };
    const found = await mesh.ask(resolveRequest, { tenantId: acme.tenant.id, clientId: 'shop', asked });
    expect(JSON.stringify(found)).toContain(alice.jkt);
    expect(pushed.headers.get('DPoP-Nonce')).toBeTruthy();
  });

  it('has to be of the key that dpop_jkt names, where both are there', async () => {
    expect(await push(proofOf(alice), { dpop_jkt: alice.jkt })).toMatchObject({ status: 201 });
    expect(await push(proofOf(alice), { dpop_jkt: mallory.jkt })).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another endpoint', { htu: `${issuer}/token` }, 'invalid_dpop_proof'],
    ['no nonce', { nonce: undefined }, 'use_dpop_nonce'],
  ])('is refused with %s', async (_what, claims, error) => {
    expect(await push(proofOf(alice, claims))).toMatchObject({ status: 400, body: { error } });
  });
});

describe('the nonce', () => {
  it('is told by use_dpop_nonce, is good at every replica, and is told again by each answer', async () => {
    const asked = await send(own, alice.proof({ nonce: undefined }), robot);
    expect(asked).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    const nonce = asked.headers.get('DPoP-Nonce');
    expect(nonce).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    const answer = await send(own, alice.proof({ nonce }), robot, mesh.replicas[1]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('DPoP-Nonce')).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('DPoP-Nonce');
  });

  it('is no refusal: asking for one is no event', async () => {
    await send(own, alice.proof({ nonce: 'old' }), robot);
    await send(own, alice.proof({ htm: 'GET' }), robot);
    const reasons = (await mesh.recorded('signet.token.client.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('dpop_htm');
    expect(reasons.filter((reason) => String(reason).includes('nonce'))).toEqual([]);
  });

  it('of one tenant is none at another', async () => {
    const globex = await populate(mesh, 'globex');
    mesh.directory.clients.push({ ...acme.robot, tenantId: globex.tenant.id });
    const htu = `${issuer}/token/t/globex`;
    const answer = await post(mesh.replicas[0], '/token/t/globex', own, {
      authorization: robot,
      DPoP: await alice.proof({ htu }),
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  });
});

const now = () => Math.floor(Date.now() / 1000);

describe('refused at /token', () => {
  it.each<[string, () => Promise<string>]>([
    ['another htm', () => alice.proof({ htm: 'GET' })],
    ['another htu', () => alice.proof({ htu: `${issuer}/userinfo` })],
    ['the htu that the Host header would make', () => alice.proof({ htu: `${mesh.replicas[0].origin}/token` })],
    ['an iat that is too old', () => alice.proof({ iat: now() - 75 })],
    ['an iat in the future', () => alice.proof({ iat: now() + 25 })],
    ['no iat', () => alice.proof({ iat: undefined })],
    ['no jti', () => alice.proof({ jti: undefined })],
    ['a jti that is too long', () => alice.proof({ jti: 'j'.repeat(257) })],
    ['another typ', () => alice.proof({}, { typ: 'JWT' })],
    ['no key', () => alice.proof({}, { jwk: undefined })],
    ['the private key in jwk', () => alice.proof({}, { jwk: alice.privateJwk })],
    ['the key of somebody else', () => alice.proof({}, { jwk: mallory.jwk })],
    ['alg none', async () => unsigned(await alice.proof(), 'none')],
    ['a symmetric alg', async () => unsigned(await alice.proof(), 'HS256')],
    ['another alg than that of the key', async () => unsigned(await alice.proof(), 'RS256')],
    ['a changed claim', async () => altered(await alice.proof())],
    ['what is no JWT', () => Promise.resolve('abc')],
  ])('is a proof with %s', async (_what, make) => {
    const answer = await send(own, make(), robot);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    expect(answer.body).not.toHaveProperty('access_token');
  });

  it('are two headers, of the same proof too', async () => {
    const proof = await alice.proof();
    const answer = await postWithProofs(
      mesh.replicas[0],
      '/token',
      'grant_type=client_credentials',
      { authorization: robot },
      [proof, proof],
    );
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    expect(await send(own, Promise.resolve(proof), robot)).toMatchObject({ status: 200 });
  });
});

/** The same claims under another alg, without a signature of it. */
function unsigned(proof: string, alg: string): string {
  const [, claims = '', signature = ''] = proof.split('.');
  const header = base64url.encode(JSON.stringify({ alg, typ: 'dpop+jwt', jwk: alice.jwk }));
  return `${header}.${claims}.${alg === 'none' ? '' : signature}`;
}

function altered(proof: string): string {
  const [header = '', , signature = ''] = proof.split('.');
  const claims = { htm: 'POST', htu: `${issuer}/token`, iat: now(), jti: 'x', nonce: alice.nonce };
  return `${header}.${base64url.encode(JSON.stringify(claims))}.${signature}`;
}

describe('a proof that comes again', () => {
  it('is taken once, of twenty at once at two replicas', async () => {
    const proof = await alice.proof();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        send(own, Promise.resolve(proof), robot, mesh.replicas[index % 2 === 0 ? 0 : 1]),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_dpop_proof')).toHaveLength(19);
  });

  it('is known after a restart', async () => {
    const proof = await alice.proof();
    expect((await send(own, Promise.resolve(proof), robot)).status).toBe(200);
    const fresh = await mesh.start();
    const again = await send(own, Promise.resolve(proof), robot, fresh);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    await fresh.stop();
  });

  it('spends no code', async () => {
    const proof = await alice.proof();
    await send(own, Promise.resolve(proof), robot);
    const { code } = await codeOf(mesh, acme);
    expect(await send(redemption(code), Promise.resolve(proof))).toMatchObject({ status: 400 });
    expect(await send(redemption(code), alice.proof())).toMatchObject({ status: 200 });
  });

  it('is nothing to another key with the same jti', async () => {
    const jti = 'one-for-both';
    expect((await send(own, alice.proof({ jti }), robot)).status).toBe(200);
    expect((await send(own, mallory.proof({ jti }), robot)).status).toBe(200);
  });
});

describe('a refresh token', () => {
  it('of a public client is bound to the key, and no try with another changes anything', async () => {
    const { refresh_token: first } = await spaTokens(alice);
    for (const proof of [mallory.proof(), undefined]) {
      expect(await asSpa(refresh(first), proof)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    const next = (await asSpa(refresh(first), alice.proof())).body as unknown as Tokens;
    expect(next).toMatchObject({ token_type: 'DPoP' });
    // Design section 5: the grace is for the same key alone, and another one ends nothing.
    expect(await asSpa(refresh(first), mallory.proof())).toMatchObject({ body: { error: 'invalid_grant' } });
    const repeated = await asSpa(refresh(first), alice.proof());
    expect(repeated.body).toMatchObject({ refresh_token: next.refresh_token });
    expect((await asSpa(refresh(next.refresh_token), alice.proof())).status).toBe(200);
    const reasons = (await mesh.recorded('signet.token.refresh.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('refresh_token_key');
  });

  it('of a public client that came without a proof is bound to none', async () => {
    const tokens = await spaTokens(undefined);
    const { body } = await asSpa(refresh(tokens.refresh_token), alice.proof());
    expect(body).toMatchObject({ token_type: 'DPoP' });
  });

  // RFC 9449 section 5: it is bound to the client by its authentication, and the key may change.
  it('of a confidential client may be used with another key', async () => {
    const { refresh_token: token } = await boundTokens();
    const { body } = await send(refresh(token), mallory.proof());
    expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { jkt: mallory.jkt } });
  });
});

// RFC 9449 section 10
describe('a code of a request with dpop_jkt', () => {
  it('is for that key, and is not spent by another or by none', async () => {
    const { code } = await codeOf(mesh, acme, { dpopJkt: alice.jkt });
    for (const proof of [mallory.proof(), undefined]) {
      expect(await send(redemption(code), proof)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    expect((await send(redemption(code), alice.proof())).status).toBe(200);
    const reasons = (await mesh.recorded('signet.token.code.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('code_mismatch_dpop_jkt');
  });

  it('that somebody without the key brings again takes nothing back', async () => {
    const { code } = await codeOf(mesh, acme, { clientId: 'spa', dpopJkt: alice.jkt });
    const tokens = (await asSpa(redemption(code), alice.proof())).body as unknown as Tokens;
    await asSpa(redemption(code), mallory.proof());
    expect((await userinfo(tokens.access_token, alice.proofFor(tokens.access_token))).status).toBe(200);
    await asSpa(redemption(code), alice.proof());
    expect((await userinfo(tokens.access_token, alice.proofFor(tokens.access_token))).status).toBe(401);
  });
});

describe('userinfo', () => {
  let token: string;
  beforeAll(async () => {
    token = (await boundTokens()).access_token;
  });
  const challenge = ({ headers }: Answer) => headers.get('WWW-Authenticate') ?? '';

  it('is for a bound token with a proof of its key, at every replica', async () => {
    const answer = await userinfo(token, alice.proofFor(token));
    expect(answer.status).toBe(200);
    expect(answer.headers.has('DPoP-Nonce')).toBe(true);
    expect((await userinfo(token, alice.proofFor(token), 'dpop', 1)).status).toBe(200);
  });

  it('asks for a nonce', async () => {
    const answer = await userinfo(token, alice.proofFor(token, { nonce: undefined }));
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(/^DPoP error="use_dpop_nonce"/);
    const nonce = answer.headers.get('DPoP-Nonce');
    expect((await userinfo(token, alice.proofFor(token, { nonce }))).status).toBe(200);
  });

  it.each<[string, () => Promise<Answer>, RegExp]>([
    [
      'a bound token as a bearer token',
      () => userinfo(token, undefined, 'Bearer'),
      /^Bearer .*error="invalid_token".*, DPoP algs=/,
    ],
    [
      'a bound token as a bearer token with a proof',
      () => userinfo(token, alice.proofFor(token), 'Bearer'),
      /^Bearer /,
    ],
    ['no proof', () => userinfo(token, undefined), /^DPoP error="invalid_dpop_proof"/],
    ['another key', () => userinfo(token, mallory.proofFor(token)), /^DPoP error="invalid_token"/],
    ['no ath', () => userinfo(token, alice.proofFor(token, { ath: undefined })), /^DPoP error="invalid_dpop_proof"/],
    ['the ath of another token', () => userinfo(token, alice.proofFor('other')), /^DPoP error="invalid_dpop_proof"/],
    ['another htm', () => userinfo(token, alice.proofFor(token, { htm: 'POST' })), /^DPoP error="invalid_dpop_proof"/],
    [
      'the htu of /token',
      () => userinfo(token, alice.proofFor(token, { htu: `${issuer}/token` })),
      /^DPoP error="invalid_dpop_proof"/,
    ],
  ])('refuses %s', async (_what, ask, expected) => {
    const answer = await ask();
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(expected);
  });

  it('refuses a bearer token by DPoP', async () => {
    const { access_token: unbound } = (await send(redemption((await codeOf(mesh, acme)).code), undefined))
      .body as unknown as Tokens;
    expect((await userinfo(unbound, undefined, 'Bearer')).status).toBe(200);
    const answer = await userinfo(unbound, alice.proofFor(unbound));
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(/^DPoP error="invalid_token"/);
  });

  it('refuses a proof that comes again, and takes it once of twenty at two replicas', async () => {
    const proof = Promise.resolve(await alice.proofFor(token));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => userinfo(token, proof, 'DPoP', index % 2 === 0 ? 0 : 1)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  });

  it('tells one without a token both schemes', async () => {
    const answer = await get(mesh.replicas[0], '/userinfo');
    expect(challenge(answer)).toMatch(/^Bearer realm="signet", DPoP algs="RS256 PS256 ES256 EdDSA Ed25519"$/);
  });
});

// Design section 9: a proof costs the one statement that says whether it is the first.
it.each<[string, () => Promise<Answer>, Record<string, number>]>([
  ['client_credentials', () => send(own, alice.proof(), robot), { 'token.dpop-proof.spend': 1 }],
  [
    'userinfo',
    async () => {
      const { access_token: token } = await boundTokens();
      await mesh.replicas[0].statements();
      return userinfo(token, alice.proofFor(token));
    },
    { 'token.dpop-proof.spend': 1 },
  ],
])('%s with a proof takes these statements', async (_what, ask, statements) => {
  await mesh.replicas[0].statements();
  expect((await ask()).status).toBe(200);
  expect(await mesh.replicas[0].statements()).toEqual(statements);
});
