import { describe, expect, it } from '@jest/globals';
import { parseParameters } from '../parameters.js';
import { initiateLogin } from './initiate-login.js';

const issuer = 'https://id.example';
const client = { enabled: true, initiateLoginUri: 'https://shop.example/login?from=signet' };
const initiate = (query: string, of: Parameters<typeof initiateLogin>[1] = client) =>
  initiateLogin(parseParameters(query).parameters, of, issuer);

describe('initiateLogin', () => {
  it('goes to the registered URI, its query kept', () => {
    const query = new URLSearchParams({ login_hint: 'alice&x=y', target_link_uri: 'https://shop.example/a?b=c#d' });
    const going = initiate(`client_id=shop&${query.toString()}`);
    if (!going.ok) throw new Error(going.error.errorDescription);
    const { origin, pathname, searchParams } = new URL(going.value);
    expect(origin + pathname).toBe('https://shop.example/login');
    expect(Object.fromEntries(searchParams)).toEqual({
      from: 'signet',
      iss: issuer,
      login_hint: 'alice&x=y',
      target_link_uri: 'https://shop.example/a?b=c#d',
    });
    expect(initiate('client_id=shop')).toEqual({
      ok: true,
      value: 'https://shop.example/login?from=signet&iss=https%3A%2F%2Fid.example',
    });
  });

  it('does not let a request say another issuer', () => {
    const going = initiate('client_id=shop&iss=https://evil.example', {
      enabled: true,
      initiateLoginUri: 'https://shop.example/?iss=https://evil.example',
    });
    expect(going).toMatchObject({ ok: true, value: 'https://shop.example/?iss=https%3A%2F%2Fid.example' });
  });

  it.each<[string, Parameters<typeof initiateLogin>[1], string]>([
    ['an unknown client', undefined, 'client_unknown'],
    ['a disabled client', { ...client, enabled: false }, 'client_unknown'],
    ['a client without a URI', { enabled: true }, 'initiate_login_uri_missing'],
    ['http', { enabled: true, initiateLoginUri: 'http://shop.example/' }, 'initiate_login_uri_not_https'],
    ['a script', { enabled: true, initiateLoginUri: 'javascript:alert(1)' }, 'initiate_login_uri_not_https'],
  ])('goes nowhere for %s', (_, of, detail) => {
    // Passed as it is: undefined is no client here, not the default one.
    expect(initiateLogin(parseParameters('client_id=shop').parameters, of, issuer)).toMatchObject({
      ok: false,
      error: { detail },
    });
  });

  it.each(['javascript:alert(1)', '/relative', 'https://a@b.example/', `https://a.example/${'x'.repeat(2048)}`])(
    'refuses the target %s',
    (target) => {
      expect(initiate(`target_link_uri=${encodeURIComponent(target)}`)).toMatchObject({
        ok: false,
        error: { error: 'invalid_request', detail: 'target_link_uri' },
      });
    },
  );
});
