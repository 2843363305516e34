import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digests, leftHalfHash, sha256, sha256Text, timingSafeEqualText } from './hashes.js';
import { randomText, systemRandom } from './random.js';

describe('hashes', () => {
  it('derive the challenge of RFC 7636 appendix B', () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect(digests.sha256(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('hash text as UTF-8', () => {
    expect(Buffer.from(sha256('é')).toString('base64url')).toBe(sha256Text(Buffer.from([0xc3, 0xa9])));
  });

  // OpenID Connect Core 1.0 appendix A.3 and A.4: the at_hash and c_hash of its RS256 examples.
  it.each([
    ['RS256', 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y', '77QmUPtjPfzWtF2AnpK9RQ'],
    ['RS256', 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk', 'LDktKdoQak3Pk0cnXxCltA'],
  ] as const)('take the left half: %s of %s', (alg, value, expected) => {
    expect(leftHalfHash(alg, value)).toBe(expected);
  });

  it.each([
    ['RS256', 'sha256', 16],
    ['PS256', 'sha256', 16],
    ['ES256', 'sha256', 16],
    ['EdDSA', 'sha512', 32],
  ] as const)('for %s are of %s', (alg, hash, bytes) => {
    const expected = createHash(hash).update('code').digest().subarray(0, bytes).toString('base64url');
    expect(leftHalfHash(alg, 'code')).toBe(expected);
  });
});

describe('timingSafeEqualText', () => {
  it.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
    ['é', 'e\u0301', false],
    ['\ud800', '\ud801', true],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(timingSafeEqualText(left, right)).toBe(expected);
  });
});

describe('randomText', () => {
  it('has the bytes of its source', () => {
    expect(randomText({ bytes: (length) => new Uint8Array(length).fill(255) }, 3)).toBe('____');
  });

  it('differs from draw to draw', () => {
    const draws = Array.from({ length: 100 }, () => randomText(systemRandom, 32));
    expect(new Set(draws).size).toBe(100);
    expect(draws[0]).toHaveLength(43);
  });
});
