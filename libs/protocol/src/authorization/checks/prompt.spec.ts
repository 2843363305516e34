import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { checkPrompt } from './prompt.js';

describe('checkPrompt', () => {
  it.each<[Record<string, string>, string[]]>([
    [{}, []],
    [{ prompt: 'none' }, ['none']],
    [{ prompt: 'consent login' }, ['login', 'consent']],
    [{ prompt: 'login login' }, ['login']],
    [{ prompt: 'create login' }, ['login']],
    [{ prompt: 'LOGIN' }, []],
  ])('reads %j as %j', (parameters, expected) => {
    expect(checkPrompt(checkContext(parameters))).toEqual({ ok: true, value: expected });
  });

  it.each(['none login', 'consent none', 'none create'])('refuses %s', (prompt) => {
    expect(checkPrompt(checkContext({ prompt }))).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });
});
