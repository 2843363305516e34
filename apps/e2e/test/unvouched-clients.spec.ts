import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  afterLogout,
  alice,
  callback,
  launchChromium,
  looks,
  Plane,
  RawClient,
  screenshots,
  secrets,
  twinTenants,
  UserAgent,
  type Shown,
} from '../src/index.js';

/** RFC 9700 section 4.11.2: clients that anybody may have registered, to make people trust where our origin sends them. */
let plane: Plane;
let stranger: RawClient;
let vouched: RawClient;

beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
  vouched = new RawClient(plane.issuer, 'default', 'hybrid', secrets.hybrid);
  const answer = await fetch(`${plane.issuer}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Wonderland Bank',
      redirect_uris: [callback],
      post_logout_redirect_uris: [afterLogout],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code', 'code id_token'],
    }),
  });
  const { client_id: id, client_secret: secret } = (await answer.json()) as Record<string, string>;
  stranger = new RawClient(plane.issuer, 'default', id ?? '', secret);
}, 90_000);
afterAll(() => plane.stop());

const host = new URL(callback).host;
const bad = { scope: 'root', nonce: 'n' };
const fresh = () => new UserAgent(plane.issuer);
const open = (url: string, agent = fresh()) => agent.open(url);

/** The response that a page would take to the client, where the person lets it. */
const offered = ({ onward, fields }: Shown) =>
  onward ? Object.fromEntries(new URLSearchParams(onward.search || onward.hash.slice(1))) : fields;
const given = ({ left, fields }: Shown) =>
  left ? Object.fromEntries(new URLSearchParams(left.search || left.hash.slice(1))) : fields;

describe('an error at /authorize', () => {
  it.each([
    ['query', {}, `${callback}?`],
    ['fragment', { response_mode: 'fragment' }, `${callback}#`],
    ['fragment, of its response type', { response_type: 'code id_token' }, `${callback}#`],
    ['form_post', { response_mode: 'form_post' }, callback],
  ])('by %s: offered to the person, and the same response that another client gets', async (_mode, asked, begin) => {
    const page = await open(stranger.authorizationUrl({ ...bad, ...asked }));
    expect([page.status, page.left, page.headers.get('Location')]).toEqual([400, undefined, null]);
    expect(page.headers.get('Refresh')).toBeNull();
    expect(page.html).not.toMatch(/<script|http-equiv/);
    expect(page.html).toContain(`<strong>${host}</strong>`);
    expect(page.html).toContain(`Return to ${host}`);
    expect((page.onward?.href ?? page.action)?.startsWith(begin)).toBe(true);
    const direct = await open(vouched.authorizationUrl({ ...bad, ...asked }));
    expect((direct.left?.href ?? direct.action)?.startsWith(begin)).toBe(true);
    expect(given(direct)).toMatchObject({ error: 'invalid_scope', state: 'a state', iss: plane.issuer });
    expect(offered(page)).toEqual(given(direct));
  });

  it('comes by a page to whoever is signed in, too', async () => {
    const { agent } = await vouched.signIn();
    expect((await open(stranger.authorizationUrl(bad), agent)).onward?.searchParams.get('error')).toBe('invalid_scope');
  });

  it('that only the session can tell is no other', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['beyond'] } } });
    const error = 'unmet_authentication_requirements';
    const page = await open(stranger.authorizationUrl({ claims }));
    expect([page.status, page.left, page.onward?.searchParams.get('error')]).toEqual([400, undefined, error]);
    expect((await open(vouched.authorizationUrl({ claims }))).left?.searchParams.get('error')).toBe(error);
  });

  it('is in the language that the request asks for', async () => {
    const page = await open(stranger.authorizationUrl({ ...bad, ui_locales: 'fr' }));
    expect(page.html).toContain(`Retourner vers ${host}`);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['login_required', {}, 'login_required'],
    ['of a faulty request', bad, 'invalid_scope'],
  ])('with prompt=none goes by itself: %s', async (_what, asked, error) => {
    const { left } = await open(stranger.authorizationUrl({ ...asked, prompt: 'none' }));
    expect(left?.searchParams.get('error')).toBe(error);
  });

  it('goes by itself once the person has decided: they said no', async () => {
    const agent = fresh();
    const consent = await agent.submit(await open(stranger.authorizationUrl(), agent), { ...alice });
    const { left } = await agent.submit(consent, { decision: 'deny' });
    expect(left?.searchParams.get('error')).toBe('access_denied');
  });
});

describe('a logout', () => {
  const logout = (fields: Readonly<Record<string, string>>) =>
    `${plane.issuer}/logout?${new URLSearchParams({ post_logout_redirect_uri: afterLogout, ...fields }).toString()}`;

  it('of nobody, with a hint that the client itself can get, leaves the way to the person', async () => {
    const { id_token: hint } = await stranger.signInForTokens();
    for (const fields of [{ id_token_hint: hint }, { client_id: stranger.clientId }]) {
      const page = await open(logout(fields));
      expect([page.status, page.left]).toEqual([200, undefined]);
      expect(page.html).toContain(`href="${afterLogout}"`);
      expect(page.html).toContain(`Continue to ${host}`);
    }
    const { id_token: other } = await vouched.signInForTokens();
    expect((await open(logout({ id_token_hint: other }))).left?.href).toBe(afterLogout);
  });

  it('of the session that the hint is of goes to the client', async () => {
    const { id_token: hint, agent } = await stranger.signInForTokens();
    expect((await open(logout({ id_token_hint: hint }), agent)).left?.href).toBe(afterLogout);
  });
});

describe('in Chromium, without JavaScript', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** A page whose requests to the client are answered here, and kept. */
  const visit = async (
    look: Parameters<Browser['newContext']>[0],
    work: (page: Page, received: string[]) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext({ ...look, javaScriptEnabled: false });
    try {
      const page = await context.newPage();
      const received: string[] = [];
      await page.route(`${callback}**`, async (route) => {
        const request = route.request();
        received.push(`${request.method()} ${new URL(request.url()).search.slice(1) || (request.postData() ?? '')}`);
        await route.fulfill({ status: 200, contentType: 'text/html', body: '<title>the client</title>' });
      });
      await work(page, received);
    } finally {
      await context.close();
    }
  };

  it.each(looks)(
    'the way back is taken by keyboard, and not before ($name)',
    async ({ name, ...look }) => {
      for (const [mode, method] of [
        ['query', 'GET'],
        ['form_post', 'POST'],
      ] as const) {
        await visit(look, async (page, received) => {
          const answer = await page.goto(stranger.authorizationUrl({ ...bad, response_mode: mode }));
          expect(answer?.status()).toBe(400);
          const file = `unvouched-client-${mode}-${name}.png`;
          await page.screenshot({ path: path.join(screenshots, file), fullPage: true });
          expect(received).toEqual([]);
          await page.keyboard.press('Tab');
          await page.keyboard.press('Enter');
          await page.waitForURL(`${callback}**`);
          expect(received).toEqual([
            expect.stringMatching(new RegExp(`^${method} error=invalid_scope&.*&state=a\\+state`)),
          ]);
        });
      }
    },
    60_000,
  );
});
