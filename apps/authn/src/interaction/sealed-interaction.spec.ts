import { describe, expect, it } from '@jest/globals';
import { micros, plusSeconds } from '@signet/contracts';
import type { Browser } from './browser.js';
import { signInRequestSchema, type SignInRequest } from './interaction-request.js';
import { openInteraction, sealInteraction } from './sealed-interaction.js';

const shown = micros.parse(1_795_694_400_000_000);
const later = plusSeconds(shown, 600);
const asked = {
  ...{ tenantId: 't', clientId: 'shop', scopes: ['openid'], resources: [], prompt: ['login'], maxAge: 60 },
  ...{ acrValues: [], claims: { userinfo: [], idToken: [] }, uiLocales: [], receivedAt: 7 },
};
const authorization = { ...asked, redirectUri: 'https://shop.example/', responseType: 'code', responseMode: 'query' };
const account = { account: true, uiLocales: ['de'] };

/** What a browser brings back at `now` of the page that it was shown. */
function broughtBack(request: SignInRequest, now: typeof shown) {
  const browser = {
    sealForm: (_page: string, content: string) => content,
    openForm: (_page: string, sealed: string) => sealed,
  } as unknown as Browser;
  return openInteraction(browser, 'sign-in', sealInteraction(browser, 'sign-in', { request }, shown), now);
}

describe('the request of a page', () => {
  it.each([authorization, account])('goes on as it came in for as long as the page is good: %j', (content) => {
    const request = signInRequestSchema.parse(content);
    const opened = broughtBack(request, micros.parse(later - 1));
    expect(opened).toEqual({ kind: 'open', interaction: { request, expiresAt: later } });
  });

  // OpenID Connect Core 1.0 section 3.1.2.1: prompt=login and max_age are not answered by a sign-in of the meantime.
  it('comes in anew where the page has expired', () => {
    const request = signInRequestSchema.parse(authorization);
    expect(broughtBack(request, later)).toEqual({ kind: 'expired', request: { ...request, receivedAt: later } });
    const own = signInRequestSchema.parse(account);
    expect(broughtBack(own, later)).toEqual({ kind: 'expired', request: own });
  });
});
