import { describe, expect, it } from '@jest/globals';
import { parseClaimsParameter } from './requested-claims.js';

const parse = (claims: unknown) => parseClaimsParameter(typeof claims === 'string' ? claims : JSON.stringify(claims));

describe('parseClaimsParameter', () => {
  // OpenID Connect Core 1.0 section 5.5, the example
  it('reads names from both members', () => {
    const parsed = parse({
      userinfo: {
        given_name: { essential: true },
        nickname: null,
        email: { essential: true },
        'http://example.info/claims/groups': null,
      },
      id_token: { auth_time: { essential: true }, acr: { values: ['urn:mace:incommon:iap:silver'] } },
    });
    expect(parsed).toEqual({
      userinfo: ['given_name', 'nickname', 'email', 'http://example.info/claims/groups'],
      idToken: ['auth_time', 'acr'],
    });
  });

  it.each<[string, unknown, readonly string[] | undefined]>([
    ['none', { id_token: { sub: null } }, undefined],
    ['one value', { id_token: { sub: { value: 'a' } } }, ['a']],
    ['several', { userinfo: { sub: { values: ['a', 'b'] } } }, ['a', 'b']],
    ['both members', { userinfo: { sub: { values: ['a', 'b'] } }, id_token: { sub: { value: 'b' } } }, ['b']],
    ['members that differ', { userinfo: { sub: { value: 'a' } }, id_token: { sub: { value: 'b' } } }, []],
    ['a value that no sub has', { id_token: { sub: { value: 7 } } }, []],
  ])('takes the subject from %s', (_what, claims, subjects) => {
    expect(parse(claims)?.subjects).toEqual(subjects);
    expect(parse(claims)).toMatchObject({ userinfo: [], idToken: [] });
  });

  it.each<[string, unknown, readonly string[] | undefined]>([
    ['essential values', { id_token: { acr: { essential: true, values: ['a', 'b'] } } }, ['a', 'b']],
    ['an essential value', { id_token: { acr: { essential: true, value: 'a' } } }, ['a']],
    ['any value, however essential', { id_token: { acr: { essential: true } } }, undefined],
    ['voluntary values', { id_token: { acr: { values: ['a'] } } }, undefined],
    ['values that are not essential', { id_token: { acr: { essential: false, values: ['a'] } } }, undefined],
    ['what is asked of userinfo', { userinfo: { acr: { essential: true, values: ['a'] } } }, undefined],
  ])('insists on an acr by %s', (_what, claims, essentialAcr) => {
    expect(parse(claims)?.essentialAcr).toEqual(essentialAcr);
  });

  it.each<[string, unknown]>([
    ['unknown members', { verified_claims: [1], userinfo: { email: { essential: true, purpose: 'x' } } }],
    ['a name that nobody has', { userinfo: { email: null, ['x'.repeat(101)]: null } }],
    ['the name of a prototype member', '{"userinfo":{"email":null,"__proto__":{"essential":true}}}'],
  ])('ignores %s', (_what, claims) => {
    expect(parse(claims)?.userinfo.filter((name) => name !== '__proto__')).toEqual(['email']);
    expect(({} as { essential?: boolean }).essential).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['a list', []],
    ['null', null],
    ['text', '"email"'],
    ['a member that is a list', { userinfo: ['email'] }],
    ['a member that is null', { userinfo: null }],
    ['a claim that is true', { userinfo: { email: true } }],
    ['an essential that is text', { userinfo: { email: { essential: 'true' } } }],
    ['values that are none', { id_token: { acr: { values: 'a' } } }],
    ['too many claims', { userinfo: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`c${i}`, null])) }],
    ['too many values', { id_token: { acr: { values: Array.from({ length: 21 }, () => 'a') } } }],
    ['lists in lists', `{"userinfo":${'['.repeat(2_000)}${']'.repeat(2_000)}}`],
  ])('is not read from %s', (_what, claims) => {
    expect(parse(claims)).toBeUndefined();
  });
});
