import { describe, expect, it } from '@jest/globals';
import { aDpop, JKT, NONCE, proofClaims, proofOf } from '../../test/dpop.js';
import { aClient, ISSUER, NOW } from '../../test/fixtures.js';
import { boundKey, pushedRequestKey } from './bound-key.js';
import { checkDpopProof } from './check-dpop-proof.js';

const request = (...proofs: string[]) => ({ proofs, method: 'POST', url: `${ISSUER}/token` });

describe('checkDpopProof', () => {
  it('says which key the proof was made with, once', async () => {
    const dpop = aDpop();
    const proof = { jkt: JKT, proofId: 'proof-1', issuedAt: NOW };
    expect(await checkDpopProof(request(proofOf()), dpop)).toEqual({ ok: true, value: proof });
    expect(await checkDpopProof(request(proofOf()), dpop)).toMatchObject({
      ok: false,
      error: { error: 'invalid_dpop_proof', detail: 'dpop_replayed' },
    });
  });

  it.each([
    ['what is not signed', 'a.b.c', 'dpop_signature'],
    ['a wrong htm', proofOf(proofClaims({ htm: 'GET' })), 'dpop_htm'],
    ['a wrong htu', proofOf(proofClaims({ htu: ISSUER })), 'dpop_htu'],
    ['a wrong iat', proofOf(proofClaims({ iat: 1 })), 'dpop_iat'],
    ['a wrong jti', proofOf(proofClaims({ jti: 1 })), 'dpop_jti'],
    ['no nonce', proofOf(proofClaims({ nonce: undefined })), 'dpop_nonce_missing'],
  ])('spends nothing on %s', async (_what, proof, detail) => {
    const dpop = aDpop();
    expect(await checkDpopProof(request(proof), dpop)).toMatchObject({ ok: false, error: { detail } });
    expect(dpop.spent).toEqual([]);
  });

  it('wants ath beside an access token', async () => {
    const withToken = { ...request(proofOf()), accessToken: 'at' };
    expect(await checkDpopProof(withToken, aDpop())).toMatchObject({ ok: false, error: { detail: 'dpop_ath' } });
  });
});

describe('boundKey', () => {
  it('is that of the proof, and none where none came', async () => {
    expect(await boundKey(request(proofOf()), aClient(), aDpop())).toEqual({ ok: true, value: JKT });
    expect(await boundKey(request(), aClient(), aDpop())).toEqual({ ok: true, value: undefined });
  });

  it('has to be there for a client that is registered so', async () => {
    const client = aClient({ dpopBoundAccessTokens: true });
    expect(await boundKey(request(), client, aDpop())).toMatchObject({
      ok: false,
      error: { error: 'invalid_request' },
    });
    expect(await boundKey(request(proofOf()), client, aDpop())).toEqual({ ok: true, value: JKT });
  });

  it('tells the nonce with every refusal of a proof', async () => {
    const refused = await boundKey(request(proofOf(proofClaims({ nonce: 'old' }))), aClient(), aDpop());
    expect(refused).toMatchObject({
      ok: false,
      error: { error: 'use_dpop_nonce', status: 400, headers: { 'DPoP-Nonce': NONCE } },
    });
    expect(await boundKey(request('a.b.c'), aClient(), aDpop())).toMatchObject({
      ok: false,
      error: { error: 'invalid_dpop_proof', status: 400, headers: { 'DPoP-Nonce': NONCE } },
    });
  });
});

describe('pushedRequestKey', () => {
  const other = 'x'.repeat(43);

  it.each([
    ['neither', [], undefined, undefined],
    ['the parameter alone', [], JKT, JKT],
    ['the proof alone', [proofOf()], undefined, JKT],
    ['both, of one key', [proofOf()], JKT, JKT],
  ])('%s', async (_what, proofs, dpopJkt, value) => {
    expect(await pushedRequestKey(request(...proofs), dpopJkt, aDpop())).toEqual({ ok: true, value });
  });

  it('refuses both of two keys, and a proof that does not hold', async () => {
    const invalid = { ok: false, error: { error: 'invalid_dpop_proof', status: 400 } };
    expect(await pushedRequestKey(request(proofOf()), other, aDpop())).toMatchObject(invalid);
    expect(await pushedRequestKey(request('a.b.c'), undefined, aDpop())).toMatchObject(invalid);
  });
});
