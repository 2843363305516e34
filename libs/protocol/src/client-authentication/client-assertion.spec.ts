import { describe, expect, it } from '@jest/globals';
import { aClient, aClientJwt, clientAssertions, digests, ISSUER, NOW } from '../../test/fixtures.js';
import type { Client } from '../client.js';
import { toSeconds } from '../clock.js';
import { verifyAssertion } from './client-assertion.js';

const now = toSeconds(NOW);
const sound = { iss: 'shop', sub: 'shop', aud: ISSUER, exp: now + 60, iat: now, jti: 'j-1' };

const verify = (
  claims: Readonly<Record<string, unknown>>,
  { typ, client = {} }: { readonly typ?: string; readonly client?: Partial<Client> } = {},
) =>
  verifyAssertion(
    aClientJwt({ by: 'shop', ...(typ === undefined ? {} : { typ }), claims: { ...sound, ...claims } }),
    aClient({ tokenEndpointAuthMethod: 'private_key_jwt', ...client }),
    clientAssertions(),
    digests,
  );

describe('verifyAssertion', () => {
  it.each([undefined, 'JWT', 'jwt', 'client-authentication+jwt', 'application/client-authentication+jwt'])(
    'takes one of the type %s, once',
    async (typ) => {
      const verified = await verify({}, typ === undefined ? {} : { typ });
      if (!verified.ok) throw new Error(verified.fault);
      expect([await verified.spend(), await verified.spend()]).toEqual([true, false]);
    },
  );

  // RFC 8725 section 3.11: a JWT of another class.
  it.each(['oauth-authz-req+jwt', 'dpop+jwt', 'at+jwt', ''])('refuses the type "%s"', async (typ) => {
    expect(await verify({}, { typ })).toEqual({ ok: false, fault: 'assertion_type' });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no iss', { iss: undefined }, 'claims'],
    ['no sub', { sub: undefined }, 'claims'],
    ['no aud', { aud: undefined }, 'claims'],
    ['an empty aud', { aud: [] }, 'claims'],
    ['an aud of no text', { aud: [1] }, 'claims'],
    ['no exp', { exp: undefined }, 'claims'],
    ['an exp of text', { exp: String(now + 60) }, 'claims'],
    ['an nbf of text', { nbf: String(now) }, 'claims'],
    ['no jti', { jti: undefined }, 'claims'],
    ['an empty jti', { jti: '' }, 'claims'],
    ['a jti of no text', { jti: 1 }, 'claims'],
    ['another iss', { iss: 'other' }, 'subject'],
    ['another sub', { sub: 'other' }, 'subject'],
    ['another audience', { aud: 'https://evil.example' }, 'audience'],
    ['another audience beside ours', { aud: [ISSUER, 'https://evil.example'] }, 'audience'],
    ['an exp that is past', { exp: now - 61 }, 'expired'],
    ['an exp far away', { exp: now + 601 }, 'lifetime'],
    ['an nbf ahead', { nbf: now + 61 }, 'not_yet_valid'],
    ['an iat ahead', { iat: now + 61 }, 'issued_in_future'],
  ])('refuses %s', async (_what, claims, fault) => {
    expect(await verify(claims)).toEqual({ ok: false, fault: `assertion_${fault}` });
  });

  it('holds a client of a FAPI profile to the issuer as a string', async () => {
    const client = { profile: 'fapi2-security' } as const;
    expect((await verify({}, { client })).ok).toBe(true);
    expect((await verify({ aud: [ISSUER] }, { client })).ok).toBe(false);
    expect((await verify({ aud: `${ISSUER}/token` }, { client })).ok).toBe(false);
  });

  it('holds the algorithm to the registered one', async () => {
    expect(await verify({}, { client: { tokenEndpointAuthSigningAlg: 'ES256' } })).toEqual({
      ok: false,
      fault: 'assertion_algorithm',
    });
  });
});
