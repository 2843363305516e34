import { describe, expect, it } from '@jest/globals';
import { covers, parseScope } from './scope.js';

describe('parseScope', () => {
  it.each([
    ['openid', ['openid']],
    ['openid profile openid', ['openid', 'profile']],
    ['https://api.example/read demo:write', ['https://api.example/read', 'demo:write']],
  ])('reads %s', (scope, expected) => {
    expect(parseScope(scope)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['two spaces', 'a  b'],
    ['a leading space', ' a'],
    ['a tab', 'a\tb'],
    ['a quotation mark', 'a"b'],
    ['a backslash', 'a\\b'],
    ['a letter beyond ASCII', 'é'],
    ['nothing', ''],
  ])('refuses %s', (_what, scope) => {
    expect(parseScope(scope)).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
  });
});

describe('covers', () => {
  it.each<[string[], string[], boolean]>([
    [['a', 'b'], ['b'], true],
    [['a'], [], true],
    [[], ['a'], false],
    [['a'], ['a', 'b'], false],
  ])('%j over %j is %s', (held, wanted, expected) => {
    expect(covers(held, wanted)).toBe(expected);
  });
});
