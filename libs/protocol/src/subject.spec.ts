import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sectorOf, subjectFor } from './subject.js';

const digests = { sha256: (text: string) => createHash('sha256').update(text).digest('base64url') };
const alice = { sub: 'sub-alice', pairwiseSeed: 'A'.repeat(43) };
const bob = { sub: 'sub-bob', pairwiseSeed: 'B'.repeat(43) };
const client = (redirectUris: string[], more: object = {}) => ({
  clientId: 'shop',
  subjectType: 'pairwise' as const,
  redirectUris,
  ...more,
});
const shop = client(['https://shop.example/callback']);

describe('sectorOf', () => {
  it.each<[string, string[], string | undefined, string | undefined]>([
    ['one redirect URI', ['https://shop.example/cb'], undefined, 'shop.example'],
    ['several of one host', ['https://shop.example/a', 'https://SHOP.example:8443/b?c'], undefined, 'shop.example'],
    ['several hosts', ['https://shop.example/', 'https://shop2.example/'], undefined, undefined],
    ['a host and one below it', ['https://shop.example/', 'https://a.shop.example/'], undefined, undefined],
    ['no redirect URI', [], undefined, undefined],
    ['a private-use scheme', ['com.example.shop:/callback'], undefined, undefined],
    ['a private-use scheme that names a host', ['com.example.shop://shop.example/callback'], undefined, undefined],
    [
      'a host, and a private-use scheme that names it',
      ['https://shop.example/', 'com.example.shop://shop.example/cb'],
      undefined,
      undefined,
    ],
    ['loopback', ['http://127.0.0.1/cb', 'http://[::1]/cb'], undefined, undefined],
    ['localhost', ['https://localhost/cb'], undefined, undefined],
    ['what is no URI', ['callback'], undefined, undefined],
    [
      'a sector_identifier_uri',
      ['https://a.example/', 'https://b.example/'],
      'https://group.example/s.json',
      'group.example',
    ],
  ])('of %s', (_what, redirectUris, sectorIdentifierUri, expected) => {
    expect(sectorOf({ redirectUris, sectorIdentifierUri })).toBe(expected);
  });
});

describe('subjectFor', () => {
  it('is the sub for a client that is public, or says nothing', () => {
    for (const subjectType of ['public', undefined] as const) {
      expect(subjectFor(alice, client([], { subjectType }), digests)).toBe('sub-alice');
    }
  });

  it('stays the same for a sector, whatever the client is called and on which port and path it is', () => {
    const sub = subjectFor(alice, shop, digests);
    expect(sub).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(subjectFor(alice, { ...client(['https://shop.example:8443/x']), clientId: 'shop2' }, digests)).toBe(sub);
    const grouped = client(['https://a.example/', 'https://b.example/'], {
      sectorIdentifierUri: 'https://shop.example/s',
    });
    expect(subjectFor(alice, grouped, digests)).toBe(sub);
  });

  it('differs by sector and by account, and shows neither sub nor seed', () => {
    const subjects = [alice, bob].flatMap((account) =>
      [shop, client(['https://club.example/'])].map((each) => subjectFor(account, each, digests)),
    );
    expect(new Set(subjects).size).toBe(4);
    for (const sub of subjects) expect(sub).not.toMatch(/alice|bob|A{43}|B{43}/);
  });

  it('hangs on the seed alone: who knows the sub knows nothing of it', () => {
    expect(subjectFor({ ...alice, sub: 'sub-other' }, shop, digests)).toBe(subjectFor(alice, shop, digests));
    expect(subjectFor({ ...alice, pairwiseSeed: 'C'.repeat(43) }, shop, digests)).not.toBe(
      subjectFor(alice, shop, digests),
    );
  });

  it.each([[[]], [['com.example.shop:/callback']], [['http://127.0.0.1/callback']]])(
    'of clients without a sector, at %j, is of each alone',
    (redirectUris) => {
      const [one, two] = ['one', 'two'].map((clientId) =>
        subjectFor(alice, { ...client(redirectUris), clientId }, digests),
      );
      expect(one).not.toBe(two);
    },
  );

  it('is not had by who names the host after a scheme of its own', () => {
    const foreign = subjectFor(alice, client(['com.evil.app://shop.example/callback']), digests);
    expect(foreign).not.toBe(subjectFor(alice, shop, digests));
  });
});
