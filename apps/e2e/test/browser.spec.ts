import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@signet/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, looks, Plane, Program, screenshots, until } from '../src/index.js';

describe('the demo in Chromium', () => {
  let plane: Plane;
  let demo: Program;
  let demoUrl: string;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    const port = await freePort();
    demoUrl = `http://localhost:${port}/`;
    plane = await Plane.start({ form: 'one process', env: { SIGNET_DEMO_PORT: String(port) } });
    demo = new Program(
      'demo',
      process.execPath,
      ['examples/relying-party/dist/main.js'],
      { ISSUER: plane.issuer, CLIENT_ID: 'demo', CLIENT_SECRET: 'demo-secret', PORT: String(port) },
      path.join(plane.directory, 'demo.log'),
    );
    await until('the demo', async () => (await fetch(demoUrl)).ok || undefined);
    browser = await launchChromium();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await demo.stop();
    await plane.stop();
  });

  const inContext = async (
    options: Parameters<Browser['newContext']>[0],
    work: (page: Page, context: BrowserContext) => Promise<void>,
  ) => {
    const context = await browser.newContext(options);
    try {
      await work(await context.newPage(), context);
    } finally {
      await context.close();
    }
  };

  it.each(looks)(
    'signs in, shows claims, refreshes and signs out ($name)',
    async ({ name, viewport, colorScheme }) => {
      await inContext({ viewport, colorScheme }, async (page) => {
        const shoot = (what: string) =>
          page.screenshot({ path: path.join(screenshots, `${what}-${name}.png`), fullPage: true });
        const faults: string[] = [];
        page.on('console', (message) => {
          // Chromium asks every site for an icon, which neither needs to have.
          const isIcon = message.location().url.endsWith('/favicon.ico');
          if (message.type() === 'error' && !isIcon) faults.push(message.text());
        });
        await page.goto(demoUrl);
        await shoot('demo-home');
        await page.locator('.hero .button').first().click();
        await page.waitForURL(`${plane.issuer}/authorize**`);
        await shoot('sign-in');
        await page.fill('input[name=username]', 'alice');
        await page.fill('input[name=password]', 'not-her-password');
        await page.press('input[name=password]', 'Enter');
        await page.getByRole('alert').waitFor();
        await shoot('sign-in-wrong');
        await page.fill('input[name=password]', 'wonderland');
        await page.press('input[name=password]', 'Enter');
        await page.locator('button[value=allow], button:text-is("Refresh")').first().waitFor();
        if ((await page.locator('button[value=allow]').count()) > 0) {
          await shoot('consent');
          await page.click('button[value=allow]');
        }
        await page.waitForURL(`${demoUrl}profile`);
        await shoot('demo-profile');
        await page.click('button:text-is("Refresh")');
        await page.waitForURL(`${demoUrl}profile**`);
        await page.click('button:text-is("Sign out")');
        await page.waitForURL(`${demoUrl}**`);
        await shoot('demo-signed-out');
        await page.goto(`${plane.issuer}/authorize?client_id=nobody`);
        await shoot('error');
        // The browser itself reports pages that answer 400; a broken policy or script would be something else.
        expect(faults.filter((fault) => !fault.includes('status of 400'))).toEqual([]);
      });
    },
    60_000,
  );

  it('needs no JavaScript', async () => {
    await inContext({ javaScriptEnabled: false }, async (page) => {
      await page.goto(demoUrl);
      await page.locator('.hero .button').first().click();
      await page.fill('input[name=username]', 'alice');
      await page.fill('input[name=password]', 'wonderland');
      await page.click('form button[type=submit]');
      if ((await page.locator('button[value=allow]').count()) > 0) await page.click('button[value=allow]');
      await page.waitForURL(`${demoUrl}profile`);
    });
  }, 60_000);

  it('is reached by keyboard alone', async () => {
    await inContext({}, async (page) => {
      await page.goto(
        `${plane.issuer}/authorize?${new URLSearchParams({ client_id: 'demo', redirect_uri: `${demoUrl}callback`, response_type: 'code', scope: 'openid', prompt: 'consent' }).toString()}`,
      );
      const focused = (attribute: 'name' | 'value') =>
        page.evaluate(`document.activeElement?.getAttribute("${attribute}") ?? ""`);
      for (let presses = 0; (await focused('name')) !== 'username' && presses < 10; presses += 1)
        await page.keyboard.press('Tab');
      await page.keyboard.type('alice');
      await page.keyboard.press('Tab');
      expect(await focused('name')).toBe('password');
      await page.keyboard.type('wonderland');
      await page.keyboard.press('Enter');
      await page.locator('button[value=allow]').waitFor();
      for (let presses = 0; (await focused('value')) !== 'allow' && presses < 10; presses += 1)
        await page.keyboard.press('Tab');
      const [callback] = await Promise.all([
        page.waitForRequest((request) => request.url().startsWith(`${demoUrl}callback?`)),
        page.keyboard.press('Enter'),
      ]);
      expect(new URL(callback.url()).searchParams.get('code')).not.toBeNull();
    });
  }, 60_000);
});
