import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  alice,
  callback,
  launchChromium,
  looks,
  Plane,
  RawClient,
  screenshots,
  secrets,
  twinTenants,
} from '../src/index.js';

/** What the client's redirect_uri was sent. */
interface Received {
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

describe('/authorize in Chromium', () => {
  let plane: Plane;
  let browser: Browser;
  let client: RawClient;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'hybrid', secrets.hybrid);
    browser = await launchChromium();
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await plane.stop();
  });

  /** A page whose requests to the client are answered here, and kept. */
  const inContext = async (
    options: Parameters<Browser['newContext']>[0],
    work: (page: Page, received: Received[], faults: string[]) => Promise<void>,
  ) => {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const [received, faults]: [Received[], string[]] = [[], []];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.route(`${callback}**`, async (route) => {
        const request = route.request();
        const fields = Object.fromEntries(new URLSearchParams(request.postData() ?? ''));
        received.push({ method: request.method(), fields, headers: await request.allHeaders() });
        await route.fulfill({ status: 200, contentType: 'text/html', body: '<title>the client</title>' });
      });
      await work(page, received, faults);
    } finally {
      await context.close();
    }
  };

  /** With prompt=consent, so that every browser is asked. */
  const signIn = async (page: Page) => {
    await page.fill('input[name=username]', alice.username);
    await page.fill('input[name=password]', alice.password);
    await page.press('input[name=password]', 'Enter');
    await page.locator('button[value=allow]').click();
  };
  const formPost = () =>
    client.authorizationUrl({
      response_type: 'code id_token',
      response_mode: 'form_post',
      nonce: 'n',
      prompt: 'consent',
    });

  it('form_post goes by itself, under the policy of the page', async () => {
    await inContext({}, async (page, received, faults) => {
      await page.goto(formPost());
      await signIn(page);
      await page.waitForURL(callback);
      const [response] = received;
      expect(response).toMatchObject({
        method: 'POST',
        fields: {
          code: expect.any(String),
          id_token: expect.any(String),
          state: 'a state',
          iss: plane.issuer,
        },
      });
      // Not `null`, by which the client could not tell whose form it was.
      expect(response?.headers['origin']).toBe(plane.issuer);
      expect(faults).toEqual([]);
    });
  }, 60_000);

  it.each(looks)(
    'form_post goes by its button without JavaScript ($name)',
    async ({ name, ...look }) => {
      await inContext({ ...look, javaScriptEnabled: false }, async (page, received) => {
        await page.goto(formPost());
        await signIn(page);
        await page.locator('form button[type=submit]').waitFor();
        await page.screenshot({ path: path.join(screenshots, `form-post-${name}.png`), fullPage: true });
        expect(received).toEqual([]);
        await page.click('form button[type=submit]');
        await page.waitForURL(callback);
        expect(received).toMatchObject([{ method: 'POST', fields: { state: 'a state' } }]);
      });
    },
    60_000,
  );

  it.each(looks)(
    'select_account shows who is signed in, and lets them choose ($name)',
    async ({ name, ...look }) => {
      await inContext(look, async (page, received, faults) => {
        await page.goto(client.authorizationUrl({ prompt: 'consent' }));
        await signIn(page);
        await page.waitForURL(`${callback}?**`);
        await page.goto(client.authorizationUrl({ prompt: 'select_account' }));
        await page.locator('button[value=continue]').waitFor();
        await page.screenshot({ path: path.join(screenshots, `select-account-${name}.png`), fullPage: true });
        await page.click('button[value=continue]');
        await page.waitForURL(`${callback}?**`);
        await page.goto(client.authorizationUrl({ prompt: 'select_account' }));
        await page.click('button[value=switch]');
        await page.locator('input[name=password]').waitFor();
        expect(received).toHaveLength(2);
        expect(faults).toEqual([]);
      });
    },
    60_000,
  );
});
