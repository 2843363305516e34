import { describe, expect, it } from '@jest/globals';
import { aDpop, JKT, NONCE, proofClaims, proofOf } from '../../test/dpop.js';
import { digests, ISSUER } from '../../test/fixtures.js';
import { ensureTokenBinding } from './token-binding.js';

const userinfo = { htm: 'GET', htu: `${ISSUER}/userinfo`, ath: digests.sha256('at') };
const request = (...proofs: string[]) => ({ proofs, method: 'GET', url: `${ISSUER}/userinfo` });
const sound = () => request(proofOf(proofClaims(userinfo)));
const bearer = { scheme: 'Bearer', token: 'at' } as const;
const dpop = { scheme: 'DPoP', token: 'at' } as const;

describe('ensureTokenBinding', () => {
  it('takes a bound token with its proof, and an unbound one as a bearer token', async () => {
    expect(await ensureTokenBinding({ jkt: JKT }, dpop, sound(), aDpop())).toEqual({ ok: true, value: undefined });
    expect(await ensureTokenBinding({}, bearer, request(), aDpop())).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['a bound token as a bearer token', { jkt: JKT }, bearer, sound(), 'invalid_token', /^Bearer .*DPoP algs="/],
    ['a bearer token by DPoP', {}, dpop, sound(), 'invalid_token', /^DPoP error="invalid_token"/],
    ['another key', { jkt: 'x'.repeat(43) }, dpop, sound(), 'invalid_token', /^DPoP error="invalid_token"/],
    ['no proof', { jkt: JKT }, dpop, request(), 'invalid_dpop_proof', /^DPoP error="invalid_dpop_proof".* algs="/],
    [
      'a proof for another token',
      { jkt: JKT },
      { ...dpop, token: 'other' },
      sound(),
      'invalid_dpop_proof',
      /^DPoP error="invalid_dpop_proof"/,
    ],
  ])('refuses %s', async (_what, token, presented, proof, error, challenge) => {
    const refused = await ensureTokenBinding(token, presented, proof, aDpop());
    expect(refused).toMatchObject({ ok: false, error: { error, status: 401 } });
    expect(!refused.ok && refused.error.headers?.['WWW-Authenticate']).toMatch(challenge);
  });

  // RFC 9449 section 9
  it('asks for a nonce by 401, in one challenge', async () => {
    const old = request(proofOf(proofClaims({ ...userinfo, nonce: 'old' })));
    const refused = await ensureTokenBinding({ jkt: JKT }, dpop, old, aDpop());
    if (refused.ok) throw new Error('was accepted');
    const { error, status, headers } = refused.error;
    expect([error, status, headers?.['DPoP-Nonce']]).toEqual(['use_dpop_nonce', 401, NONCE]);
    expect(headers?.['WWW-Authenticate']).toMatch(
      /^DPoP error="use_dpop_nonce", error_description="[^"]*", algs="[^"]*"$/,
    );
  });
});
