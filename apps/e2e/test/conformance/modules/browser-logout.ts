import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RegisteredParty, SignedIn } from '../party.js';
import { person, type Provider } from '../provider.js';
import type { Variant } from '../profiles.js';
import type { Module } from './module.js';

/** A client at a host name of its own, with everything that a logout needs. */
async function register(provider: Provider, variant: Variant, name: string): Promise<RegisteredParty> {
  const origin = provider.sites.at(name);
  return provider.register(variant, {
    client_name: name,
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/bye`],
    frontchannel_logout_uri: `${origin}/front?at=${name}`,
    frontchannel_logout_session_required: true,
  });
}

/** Signs in by the pages that a person sees, as far as they are shown. */
async function signIn(party: RegisteredParty, page: Page): Promise<SignedIn> {
  const asked = await party.ask();
  await page.goto(asked.url.href);
  if ((await page.locator('input[name=password]').count()) > 0) {
    await page.fill('input[name=username]', person.username);
    await page.fill('input[name=password]', person.password);
    await page.press('input[name=password]', 'Enter');
  }
  await page.locator('button[value=allow], #arrived').first().waitFor();
  if ((await page.locator('#arrived').count()) === 0) await page.click('button[value=allow]');
  await page.waitForURL(`${party.redirectUri}**`);
  return party.verify(party.arrived(asked, new URL(page.url())));
}

const ask = (page: Page, message: unknown) => page.evaluate(`ask(${JSON.stringify(message)})`);

const isTold =
  (...members: readonly string[]) =>
  async (provider: Provider): Promise<void> => {
    const found = await provider.discovered();
    for (const member of members) expect([member, found[member]]).toEqual([member, true]);
  };

export const browserLogout = {
  'oidcc-frontchannel-logout-discovery-endpoint-verification': {
    run: isTold('frontchannel_logout_supported', 'frontchannel_logout_session_supported'),
  },

  // OpenID Connect Front-Channel Logout 1.0 section 3
  'oidcc-frontchannel-rp-initiated-logout': {
    run: async (provider, variant) => {
      const { sites } = provider;
      const context = await sites.browser(true);
      const page = await context.newPage();
      const [shop, club] = [await register(provider, variant, 'shop'), await register(provider, variant, 'club')];
      const [atShop, atClub] = [await signIn(shop, page), await signIn(club, page)];
      sites.received.length = 0;
      const query = {
        id_token_hint: atShop.idToken,
        post_logout_redirect_uri: `${sites.at('shop')}/bye`,
        state: 's',
      };
      const answer = await page.goto(shop.endSession(query).href, { waitUntil: 'commit' });
      expect(answer?.headers()['content-security-policy']).toContain(
        `; frame-src ${sites.at('shop')} ${sites.at('club')};`,
      );
      await page.waitForURL(`${sites.at('shop')}/bye?state=s`);
      for (const [name, { claims }] of [
        ['shop', atShop],
        ['club', atClub],
      ] as const) {
        const [front, ...more] = sites.receivedAt(sites.at(name), '/front');
        expect(more).toEqual([]);
        expect(Object.fromEntries(front?.url.searchParams ?? [])).toEqual({
          at: name,
          iss: provider.issuer,
          sid: claims['sid'],
        });
        expect(front?.cookies).toBe('session=1');
        // It was told before the person went on, and its cookie is gone.
        expect(await context.cookies(sites.at(name))).toEqual([]);
      }
      const order = sites.received.map(({ url }) => url.pathname).filter((path) => path !== '/favicon.ico');
      expect(order).toEqual(['/front', '/front', '/bye']);
    },
  },

  'oidcc-session-management-discovery-endpoint-verification': {
    run: async (provider) => {
      expect((await provider.discovered())['check_session_iframe']).toMatch(/^https:\/\//);
    },
  },

  // OpenID Connect Session Management 1.0 section 3
  'oidcc-session-management-rp-initiated-logout': {
    run: async (provider, variant) => {
      const { sites } = provider;
      const context = await sites.browser(true);
      const page = await context.newPage();
      const party = await register(provider, variant, 'shop');
      const { answered, idToken } = await signIn(party, page);
      const state = answered.parameters.get('session_state') ?? '';
      const watch = await context.newPage();
      await watch.goto(`${sites.at('shop')}/watching`);
      expect(await ask(watch, `${party.clientId} ${state}`)).toBe('unchanged');
      expect(await ask(watch, `somebody-else ${state}`)).toBe('changed');
      for (const nonsense of ['nonsense', `${party.clientId} nonsense`, '', { client_id: party.clientId }]) {
        expect(await ask(watch, nonsense)).toBe('error');
      }
      const foreign = await context.newPage();
      await foreign.goto(`${sites.at('club')}/watching`);
      expect(await ask(foreign, `${party.clientId} ${state}`)).toBe('changed');
      const query = { id_token_hint: idToken, post_logout_redirect_uri: `${sites.at('shop')}/bye` };
      await page.goto(party.endSession(query).href, { waitUntil: 'commit' });
      await page.waitForURL(`${sites.at('shop')}/bye`);
      expect(await ask(watch, `${party.clientId} ${state}`)).toBe('changed');
      const silent = await party.ask({ prompt: 'none' });
      await page.goto(silent.url.href);
      expect(party.arrived(silent, new URL(page.url())).parameters.get('error')).toBe('login_required');
      // Whoever signs in again is not the one that was watched.
      await signIn(party, page);
      expect(await ask(watch, `${party.clientId} ${state}`)).toBe('changed');
    },
  },
} as const satisfies Record<string, Module>;

/** Upon `changed` a client asks by prompt=none in a frame, which would see no session either, and sign people out. */
export async function blindFrames(provider: Provider): Promise<void> {
  const page = await (await provider.sites.browser(false)).newPage();
  const party = await register(provider, { responseType: 'code', formPost: false }, 'shop');
  const { answered } = await signIn(party, page);
  await page.goto(`${provider.sites.at('shop')}/watching`);
  const state = answered.parameters.get('session_state') ?? '';
  expect(await ask(page, `${party.clientId} ${state}`)).toBe('error');
}
