import { describe, expect, it } from '@jest/globals';
import { TENANT, digests, refreshMac } from '../../test/fixtures.js';
import { formatRefreshToken, parseRefreshToken } from './refresh-token.js';
import type { RefreshMac } from './refresh-token.js';

const token = { epoch: 3, family: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', generation: 41 };
const text = formatRefreshToken(token, TENANT, refreshMac);
const parse = (candidate: string, tenantId = TENANT, mac: RefreshMac = refreshMac) =>
  parseRefreshToken(candidate, tenantId, mac, digests);

/** The text with one of its dot-separated parts replaced. */
const withPart = (index: number, part: string): string => text.split('.').with(index, part).join('.');

describe('refresh token', () => {
  it('is read as it was written', () => {
    expect(text).toMatch(/^v1\.k2\.3\.[A-Za-z0-9_-]{22}\.41\.[A-Za-z0-9_-]{43}$/);
    expect(parse(text)).toEqual(token);
  });

  it('is read under the older key during the overlap, and no longer after it', () => {
    const older: RefreshMac = { ...refreshMac, currentKeyId: () => 'k1' };
    const old = formatRefreshToken(token, TENANT, older);
    expect(parse(old)).toEqual(token);
    const rotated: RefreshMac = {
      currentKeyId: () => 'k2',
      compute: (keyId, message) => (keyId === 'k1' ? undefined : refreshMac.compute(keyId, message)),
    };
    expect(parse(old, TENANT, rotated)).toBeUndefined();
  });

  it('is nothing at another tenant', () => {
    expect(parse(text, '0190a000-0000-7000-8000-000000000002')).toBeUndefined();
  });

  it.each([
    ['another version', withPart(0, 'v2')],
    ['another key', withPart(1, 'k1')],
    ['an unknown key', withPart(1, 'k9')],
    ['another epoch', withPart(2, '2')],
    ['a leading zero in the epoch', withPart(2, '03')],
    ['another family', withPart(3, 'AAAAAAAAAAAAAAAAAAAAAA')],
    ['a family that is not canonical', withPart(3, `${(text.split('.')[3] ?? '').slice(0, 21)}B`)],
    ['the generation before', withPart(4, '40')],
    ['the generation after', withPart(4, '42')],
    ['a negative generation', withPart(4, '-41')],
    ['a leading zero in the generation', withPart(4, '041')],
    ['a generation beyond safe integers', withPart(4, '9007199254740993')],
    ['another MAC', withPart(5, 'A'.repeat(43))],
    ['no MAC', withPart(5, '')],
    ['another part', `${text}.x`],
    ['white space', `${text} `],
    ['a line feed', `${text}\n`],
    ['nothing', ''],
    ['64 KiB', 'v1.'.padEnd(65_536, 'x')],
  ])('is nothing with %s', (_what, bad) => {
    expect(parse(bad)).toBeUndefined();
  });
});
