import { expect } from '@jest/globals';
import * as openid from 'openid-client';
import { until, withinASecond } from '../../../src/index.js';
import type { Answered, RegisteredParty } from '../party.js';
import { issuesCode, type LongModule, type Module } from './module.js';

/** A code that comes back gives nothing, and what it gave is no good any more (RFC 6749 section 4.1.2). */
async function refusesReuse(party: RegisteredParty, answered: Answered, accessToken: string, sub: string) {
  const copy = answered.current instanceof Request ? answered.current.clone() : answered.current;
  await expect(party.redeem({ ...answered, current: copy })).rejects.toMatchObject({ error: 'invalid_grant' });
  await withinASecond(performance.now(), async () => {
    await expect(party.userinfo(accessToken, sub)).rejects.toThrow();
  });
}

/** A response whose Request, where there is one, can be read again. */
async function redeemOnce(party: RegisteredParty) {
  const asked = await party.ask();
  const answered = await party.send(asked, party.provider.newAgent());
  const copy = answered.current instanceof Request ? answered.current.clone() : answered.current;
  const { accessToken = '', claims } = await party.verify({ ...answered, current: copy });
  return { answered, accessToken, sub: claims.sub ?? '' };
}

export const codes = {
  'oidcc-codereuse': {
    appliesTo: issuesCode,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { answered, accessToken, sub } = await redeemOnce(party);
      await refusesReuse(party, answered, accessToken, sub);
    },
  },

  'oidcc-server-client-secret-post': {
    appliesTo: issuesCode,
    run: async (provider, variant) => {
      const party = await provider.register(variant, { token_endpoint_auth_method: 'client_secret_post' });
      expect(party.metadata['token_endpoint_auth_method']).toBe('client_secret_post');
      await party.signIn();
    },
  },

  'oidcc-refresh-token': {
    appliesTo: issuesCode,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const other = await provider.register(variant);
      const signedIn = await party.signIn({ scope: 'openid offline_access', prompt: 'consent' });
      const { refreshToken = '', claims } = signedIn;
      await expect(openid.refreshTokenGrant(other.config, refreshToken)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      const refreshed = await openid.refreshTokenGrant(party.config, refreshToken);
      expect(refreshed.access_token).not.toBe(signedIn.accessToken);
      const { iss, sub, aud, auth_time } = claims;
      expect(refreshed.claims()).toMatchObject({ iss, sub, aud, auth_time });
      expect(refreshed.claims()?.iat).toBeGreaterThanOrEqual(claims.iat ?? 0);
      expect((await party.userinfo(refreshed.access_token, sub ?? '')).sub).toBe(sub);
    },
  },
} as const satisfies Record<string, Module>;

export const longModules = {
  'oidcc-codereuse-30seconds': {
    appliesTo: issuesCode,
    begin: async (provider, variant) => {
      const party = await provider.register(variant);
      const { answered, accessToken, sub } = await redeemOnce(party);
      const redeemedAt = performance.now();
      return async () => {
        const elapsed = () => Promise.resolve(performance.now() - redeemedAt > 30_000 || undefined);
        await until('thirty seconds to pass', elapsed, 60);
        await refusesReuse(party, answered, accessToken, sub);
      };
    },
  },
} as const satisfies Record<string, LongModule>;
