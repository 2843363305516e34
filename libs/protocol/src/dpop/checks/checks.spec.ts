import { describe, expect, it } from '@jest/globals';
import { aDpop, NONCE, proofClaims } from '../../../test/dpop.js';
import { digests, ISSUER, NOW } from '../../../test/fixtures.js';
import { checkAccessTokenHash } from './access-token-hash.js';
import type { DpopCheck } from './check.js';
import { checkHttpMethod } from './http-method.js';
import { checkHttpUri } from './http-uri.js';
import { checkIssuedAt } from './issued-at.js';
import { checkNonce } from './nonce.js';
import { checkProofId } from './proof-id.js';
import { singleProof } from './single-proof.js';

const run = <T>(
  check: DpopCheck<T>,
  claims: Record<string, unknown>,
  request: { url?: string; accessToken?: string } = {},
) =>
  check({
    claims: proofClaims(claims),
    request: { proofs: [], method: 'POST', url: `${ISSUER}/token`, ...request },
    deps: aDpop(),
  });
const invalid = { ok: false, error: { error: 'invalid_dpop_proof' } };

describe('singleProof', () => {
  it('takes one header', () => {
    expect(singleProof(['a.b.c'])).toEqual({ ok: true, value: 'a.b.c' });
  });

  it.each([
    ['no header', []],
    ['two headers', ['a.b.c', 'a.b.c']],
    ['a header that is too long', ['a'.repeat(8_193)]],
  ])('refuses %s', (_what, proofs) => {
    expect(singleProof(proofs)).toMatchObject(invalid);
  });
});

describe('checkHttpMethod', () => {
  it('takes the method of the request, in its own case', () => {
    expect(run(checkHttpMethod, {}).ok).toBe(true);
  });

  it.each([['GET'], ['post'], [undefined], [['POST']]])('refuses %j', (htm) => {
    expect(run(checkHttpMethod, { htm })).toMatchObject(invalid);
  });
});

describe('checkHttpUri', () => {
  it.each([
    ['itself', 'https://id.example/token'],
    ['a query', 'https://id.example/token?a=b'],
    ['a fragment', 'https://id.example/token#a'],
    ['scheme and host in capitals', 'HTTPS://ID.example/token'],
    ['the default port', 'https://id.example:443/token'],
    ['dot segments', 'https://id.example/a/../token'],
    ['an escaped unreserved character', 'https://id.example/%74oken'],
  ])('takes %s', (_what, htu) => {
    expect(run(checkHttpUri, { htu }).ok).toBe(true);
  });

  it('takes escapes in either case, and keeps reserved ones', () => {
    expect(run(checkHttpUri, { htu: 'https://id.example/a%2fb' }, { url: 'https://id.example/a%2Fb' }).ok).toBe(true);
    expect(run(checkHttpUri, { htu: 'https://id.example/a/b' }, { url: 'https://id.example/a%2Fb' }).ok).toBe(false);
  });

  it('takes an empty path for the root', () => {
    expect(run(checkHttpUri, { htu: 'https://id.example' }, { url: 'https://id.example/' }).ok).toBe(true);
  });

  it.each([
    ['another path', 'https://id.example/userinfo'],
    ['a path below', 'https://id.example/token/'],
    ['a path in another case', 'https://id.example/Token'],
    ['another host', 'https://other.example/token'],
    ['another port', 'https://id.example:8443/token'],
    ['another scheme', 'http://id.example/token'],
    ['another tenant', 'https://id.example/token/t/globex'],
    ['userinfo', 'https://a@id.example/token'],
    ['a relative reference', '/token'],
    ['white space that a parser would take away', 'https://id.example/tok\ten'],
    ['a backslash that a parser would turn', 'https:\\\\id.example\\token'],
    ['another notation', ['https://id.example/token']],
    ['nothing', undefined],
    ['too much', `https://id.example/token?${'a'.repeat(2_048)}`],
  ])('refuses %s', (_what, htu) => {
    expect(run(checkHttpUri, { htu })).toMatchObject(invalid);
  });
});

describe('checkIssuedAt', () => {
  const now = NOW / 1e6;

  it.each([now, now - 60, now + 10, now - 0.5])('takes %d', (iat) => {
    expect(run(checkIssuedAt, { iat })).toEqual({ ok: true, value: iat * 1e6 });
  });

  it.each([now - 61, now + 11, now * 1000, String(now), undefined, null, Number.NaN, Infinity, 1e300, -now])(
    'refuses %s',
    (iat) => {
      expect(run(checkIssuedAt, { iat })).toMatchObject(invalid);
    },
  );
});

describe('checkProofId', () => {
  it('takes text of up to 256 characters', () => {
    expect(run(checkProofId, { jti: 'j'.repeat(256) })).toEqual({ ok: true, value: 'j'.repeat(256) });
  });

  it.each(['', 'j'.repeat(257), 1, undefined, null])('refuses %j', (jti) => {
    expect(run(checkProofId, { jti })).toMatchObject(invalid);
  });
});

describe('checkNonce', () => {
  it('takes one of ours', () => {
    expect(run(checkNonce, { nonce: NONCE }).ok).toBe(true);
  });

  it.each([undefined, 'another', ''])('asks for one where it is %j', (nonce) => {
    expect(run(checkNonce, { nonce })).toMatchObject({ ok: false, error: { error: 'use_dpop_nonce' } });
  });

  it.each([1, null, [NONCE]])('refuses %j', (nonce) => {
    expect(run(checkNonce, { nonce })).toMatchObject(invalid);
  });
});

describe('checkAccessTokenHash', () => {
  it('takes the hash of the token beside it', () => {
    expect(run(checkAccessTokenHash, { ath: digests.sha256('at') }, { accessToken: 'at' }).ok).toBe(true);
  });

  it('asks for none where there is no token', () => {
    expect(run(checkAccessTokenHash, {}).ok).toBe(true);
  });

  it.each([undefined, 'at', digests.sha256('other'), 1])('refuses %j', (ath) => {
    expect(run(checkAccessTokenHash, { ath }, { accessToken: 'at' })).toMatchObject(invalid);
  });
});
