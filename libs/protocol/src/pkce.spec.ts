import { describe, expect, it } from '@jest/globals';
import { digests } from '../test/fixtures.js';
import { challengeOf, isCodeChallenge, isCodeVerifier } from './pkce.js';

describe('PKCE', () => {
  it('derives the challenge of RFC 7636 appendix B', () => {
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk', digests)).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it.each([
    ['42 characters', 'a'.repeat(42), false],
    ['43 characters', 'a'.repeat(43), true],
    ['all that is unreserved', `${'a'.repeat(40)}-._~`, true],
    ['128 characters', 'a'.repeat(128), true],
    ['129 characters', 'a'.repeat(129), false],
    ['padding', `${'a'.repeat(43)}=`, false],
    ['a plus', `${'a'.repeat(43)}+`, false],
    ['a line feed at the end', `${'a'.repeat(43)}\n`, false],
  ])('%s: %s is %s', (_what, text, expected) => {
    expect(isCodeVerifier(text)).toBe(expected);
  });

  it.each([
    ['of S256', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', true],
    ['42 characters', 'a'.repeat(42), false],
    ['44 characters', 'a'.repeat(44), false],
    ['what base64url does not have', `${'a'.repeat(42)}~`, false],
    ['a line feed at the end', `${'a'.repeat(43)}\n`, false],
  ])('a challenge %s: %s is %s', (_what, text, expected) => {
    expect(isCodeChallenge(text)).toBe(expected);
  });
});
