import { describe, expect, it } from '@jest/globals';
import { aClient } from '../../../test/fixtures.js';
import { requestParameters } from '../../parameters.js';
import { ensureRedirectUri } from './redirect-uri.js';

const check = (parameters: Record<string, string>, redirectUris = ['https://shop.example/callback']) =>
  ensureRedirectUri(requestParameters(parameters), aClient({ redirectUris, applicationType: 'native' }));

describe('ensureRedirectUri', () => {
  it("hands back the URI that was sent, port of a native client's loopback literal included", () => {
    const redirect_uri = 'http://127.0.0.1:51234/cb';
    expect(check({ redirect_uri }, ['http://127.0.0.1/cb'])).toEqual({ ok: true, value: redirect_uri });
  });

  it.each<[string, Record<string, string>]>([
    ['a missing one, even where only one is registered', {}],
    ['one that is not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['one with something added', { redirect_uri: 'https://shop.example/callback?x=1' }],
  ])('refuses %s', (_what, parameters) => {
    expect(check(parameters)).toMatchObject({ ok: false, error: { error: 'invalid_request', status: 400 } });
  });

  it('refuses all where none is registered', () => {
    expect(check({ redirect_uri: 'https://shop.example/callback' }, []).ok).toBe(false);
  });
});
