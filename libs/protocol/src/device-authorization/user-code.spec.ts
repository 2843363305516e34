import { describe, expect, it } from '@jest/globals';
import { digests, TENANT } from '../../test/fixtures.js';
import { formatUserCode, newUserCode, parseUserCode, userCodeHash } from './user-code.js';

describe('newUserCode', () => {
  it('is of eight letters, and takes no byte that would favour some of them', () => {
    const bytes = [255, 240, 0, 19, 20, 239, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(newUserCode({ bytes: (length) => Uint8Array.from(bytes.slice(0, length)) })).toBe('BZBZCDFG');
  });

  it('asks for more bytes where too many were of no use', () => {
    let calls = 0;
    const random = { bytes: (length: number) => new Uint8Array(length).fill(calls++ === 0 ? 250 : 1) };
    expect(newUserCode(random)).toBe('CCCCCCCC');
  });
});

describe('parseUserCode', () => {
  it.each(['WDJB-MJHT', 'wdjbmjht', ' wdjb mjht ', 'WDJB–MJHT', 'w-d-j-b-m-j-h-t', 'WDJB_MJHT.'])(
    'reads %j',
    (typed) => {
      expect(parseUserCode(typed)).toBe('WDJBMJHT');
    },
  );

  it.each(['', 'WDJB-MJH', 'WDJB-MJHTT', 'WDJB-MJHA', 'WDJB-MJH1', 'WDJB/MJHT', 'ſDJBMJHT'])('refuses %j', (typed) => {
    expect(parseUserCode(typed)).toBeUndefined();
  });

  it('reads what was shown', () => {
    expect(formatUserCode('WDJBMJHT')).toBe('WDJB-MJHT');
    expect(parseUserCode(formatUserCode('WDJBMJHT'))).toBe('WDJBMJHT');
  });
});

describe('userCodeHash', () => {
  it('is another at another tenant', () => {
    const hash = userCodeHash('WDJBMJHT', TENANT, digests);
    expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(userCodeHash('WDJBMJHT', 'other', digests)).not.toBe(hash);
  });
});
