import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DpopBench, own, robot } from './support/dpop-bench.js';
import { claimsOf, codeOf, get, redemption, refresh, type Answer, type Tokens } from './support/population.js';
import { issuer } from './support/token-replicas.js';

let on: DpopBench;
beforeAll(async () => {
  on = await DpopBench.start();
});
afterAll(() => on.mesh.stop());
beforeEach(() => on.tellNonce());

describe('a refresh token', () => {
  it('of a public client is bound to the key, and no try with another changes anything', async () => {
    const { refresh_token: first } = await on.spaTokens(on.alice);
    for (const proof of [on.mallory.proof(), undefined]) {
      expect(await on.asSpa(refresh(first), proof)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    const next = (await on.asSpa(refresh(first), on.alice.proof())).body as unknown as Tokens;
    expect(next).toMatchObject({ token_type: 'DPoP' });
    // Design section 5: the grace is for the same key alone, and another one ends nothing.
    expect(await on.asSpa(refresh(first), on.mallory.proof())).toMatchObject({ body: { error: 'invalid_grant' } });
    const repeated = await on.asSpa(refresh(first), on.alice.proof());
    expect(repeated.body).toMatchObject({ refresh_token: next.refresh_token });
    expect((await on.asSpa(refresh(next.refresh_token), on.alice.proof())).status).toBe(200);
    const reasons = (await on.mesh.recorded('signet.token.refresh.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('refresh_token_key');
  });

  it('of a public client that came without a proof is bound to none', async () => {
    const tokens = await on.spaTokens(undefined);
    const { body } = await on.asSpa(refresh(tokens.refresh_token), on.alice.proof());
    expect(body).toMatchObject({ token_type: 'DPoP' });
  });

  // RFC 9449 section 5: it is bound to the client by its authentication, and the key may change.
  it('of a confidential client may be used with another key', async () => {
    const { refresh_token: token } = await on.boundTokens();
    const { body } = await on.send(refresh(token), on.mallory.proof());
    expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { jkt: on.mallory.jkt } });
  });
});

// RFC 9449 section 10
describe('a code of a request with dpop_jkt', () => {
  it('is for that key, and is not spent by another or by none', async () => {
    const { code } = await codeOf(on.mesh, on.acme, { dpopJkt: on.alice.jkt });
    for (const proof of [on.mallory.proof(), undefined]) {
      expect(await on.send(redemption(code), proof)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    expect((await on.send(redemption(code), on.alice.proof())).status).toBe(200);
    const reasons = (await on.mesh.recorded('signet.token.code.refused.v1')).map(({ reason }) => reason);
    expect(reasons).toContain('code_mismatch_dpop_jkt');
  });

  it('that somebody without the key brings again takes nothing back', async () => {
    const { code } = await codeOf(on.mesh, on.acme, { clientId: 'spa', dpopJkt: on.alice.jkt });
    const tokens = (await on.asSpa(redemption(code), on.alice.proof())).body as unknown as Tokens;
    await on.asSpa(redemption(code), on.mallory.proof());
    expect((await on.userinfo(tokens.access_token, on.alice.proofFor(tokens.access_token))).status).toBe(200);
    await on.asSpa(redemption(code), on.alice.proof());
    expect((await on.userinfo(tokens.access_token, on.alice.proofFor(tokens.access_token))).status).toBe(401);
  });
});

describe('userinfo', () => {
  let token: string;
  beforeAll(async () => {
    await on.tellNonce();
    token = (await on.boundTokens()).access_token;
  });
  const challenge = ({ headers }: Answer) => headers.get('WWW-Authenticate') ?? '';

  it('is for a bound token with a proof of its key, at every replica', async () => {
    const answer = await on.userinfo(token, on.alice.proofFor(token));
    expect(answer.status).toBe(200);
    expect(answer.headers.has('DPoP-Nonce')).toBe(true);
    expect((await on.userinfo(token, on.alice.proofFor(token), 'dpop', 1)).status).toBe(200);
  });

  it('asks for a nonce', async () => {
    const answer = await on.userinfo(token, on.alice.proofFor(token, { nonce: undefined }));
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(/^DPoP error="use_dpop_nonce"/);
    const nonce = answer.headers.get('DPoP-Nonce');
    expect((await on.userinfo(token, on.alice.proofFor(token, { nonce }))).status).toBe(200);
  });

  it.each<[string, () => Promise<Answer>, RegExp]>([
    [
      'a bound token as a bearer token',
      () => on.userinfo(token, undefined, 'Bearer'),
      /^Bearer .*error="invalid_token".*, DPoP algs=/,
    ],
    [
      'a bound token as a bearer token with a proof',
      () => on.userinfo(token, on.alice.proofFor(token), 'Bearer'),
      /^Bearer /,
    ],
    ['no proof', () => on.userinfo(token, undefined), /^DPoP error="invalid_dpop_proof"/],
    ['another key', () => on.userinfo(token, on.mallory.proofFor(token)), /^DPoP error="invalid_token"/],
    [
      'no ath',
      () => on.userinfo(token, on.alice.proofFor(token, { ath: undefined })),
      /^DPoP error="invalid_dpop_proof"/,
    ],
    [
      'the ath of another token',
      () => on.userinfo(token, on.alice.proofFor('other')),
      /^DPoP error="invalid_dpop_proof"/,
    ],
    [
      'another htm',
      () => on.userinfo(token, on.alice.proofFor(token, { htm: 'POST' })),
      /^DPoP error="invalid_dpop_proof"/,
    ],
    [
      'the htu of /token',
      () => on.userinfo(token, on.alice.proofFor(token, { htu: `${issuer}/token` })),
      /^DPoP error="invalid_dpop_proof"/,
    ],
  ])('refuses %s', async (_what, ask, expected) => {
    const answer = await ask();
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(expected);
  });

  it('refuses a bearer token by DPoP', async () => {
    const { access_token: unbound } = (await on.send(redemption((await codeOf(on.mesh, on.acme)).code), undefined))
      .body as unknown as Tokens;
    expect((await on.userinfo(unbound, undefined, 'Bearer')).status).toBe(200);
    const answer = await on.userinfo(unbound, on.alice.proofFor(unbound));
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(/^DPoP error="invalid_token"/);
  });

  it('refuses a proof that comes again, and takes it once of twenty at two replicas', async () => {
    const proof = Promise.resolve(await on.alice.proofFor(token));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => on.userinfo(token, proof, 'DPoP', index % 2 === 0 ? 0 : 1)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  });

  it('tells one without a token both schemes', async () => {
    const answer = await get(on.mesh.replicas[0], '/userinfo');
    expect(challenge(answer)).toMatch(/^Bearer realm="signet", DPoP algs="RS256 PS256 ES256 EdDSA Ed25519"$/);
  });
});

// Design section 9: a proof costs the one statement that says whether it is the first.
it.each<[string, () => Promise<Answer>, Record<string, number>]>([
  ['client_credentials', () => on.send(own, on.alice.proof(), robot), { 'token.dpop-proof.spend': 1 }],
  [
    'userinfo',
    async () => {
      const { access_token: token } = await on.boundTokens();
      await on.mesh.replicas[0].statements();
      return on.userinfo(token, on.alice.proofFor(token));
    },
    { 'token.dpop-proof.spend': 1 },
  ],
])('%s with a proof takes these statements', async (_what, ask, statements) => {
  await on.mesh.replicas[0].statements();
  expect((await ask()).status).toBe(200);
  expect(await on.mesh.replicas[0].statements()).toEqual(statements);
});
