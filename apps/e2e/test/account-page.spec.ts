import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  Administrator,
  alice,
  consoleClient,
  launchChromium,
  looks,
  Plane,
  RawClient,
  screenshots,
  secrets,
  twinTenants,
  UserAgent,
} from '../src/index.js';

const remembered = { remembered_session_idle_seconds: 86_400, remembered_session_absolute_seconds: 864_000 };

let plane: Plane;
let chromium: Browser;
let demo: RawClient;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants([consoleClient]) });
  await new Administrator(plane.issuer, `${plane.issuer}/token`).changePolicies(remembered);
  demo = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
  chromium = await launchChromium();
}, 120_000);
afterAll(async () => {
  await chromium.close();
  await plane.stop();
});

/** At the account page, signed in by it. */
async function atAccount(context: BrowserContext, remember = false): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${plane.issuer}/account`);
  await page.getByLabel('Username').fill(alice.username);
  await page.getByLabel('Password').fill(alice.password);
  if (remember) await page.getByLabel('Keep me signed in on this device').check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your account', exact: true }).waitFor();
  return page;
}

const items = (page: Page, of: string) => page.getByRole('region', { name: of }).getByRole('listitem');
const sessions = (page: Page) => page.locator('section:has(#sessions) .items > li');
const told = (page: Page) => page.getByRole('status').innerText();

describe('the account page, in Chromium', () => {
  it('is reached by signing in, with no client and nothing issued; the address is its own', async () => {
    const context = await chromium.newContext();
    const page = await atAccount(context);
    expect(page.url()).toBe(`${plane.issuer}/account`);
    expect(await sessions(page).allInnerTexts()).toEqual([expect.stringContaining('Chrome on Linux')]);
    expect(await sessions(page).innerText()).toContain('This device');
    const [cookie] = (await context.cookies()).filter(({ name }) => /signet-[0-9a-f]{8}$/.test(name));
    // It goes with the browser.
    expect(cookie?.expires).toBe(-1);
    await page.reload();
    expect(await page.title()).toContain('Your account');
    await context.close();
  });

  it('keeps whoever wants it signed in when the browser is closed, for as long as the policy says', async () => {
    const context = await chromium.newContext();
    await atAccount(context, true);
    const [cookie] = (await context.cookies()).filter(({ name }) => /signet-[0-9a-f]{8}$/.test(name));
    const left = (cookie?.expires ?? 0) - Date.now() / 1_000;
    expect(left).toBeGreaterThan(863_000);
    expect(left).toBeLessThan(864_100);
    await context.close();
  });

  it('ends another session by the keyboard alone, and that is signed out; and takes an agreement back', async () => {
    const agent = new UserAgent(plane.issuer);
    const tokens = await demo.signInForTokens({ scope: 'openid' }, agent);
    const context = await chromium.newContext();
    const page = await atAccount(context);
    const other = sessions(page).filter({ hasText: 'Demo' });
    expect(await other.count()).toBe(1);
    await other.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/account?notice=session-ended');
    expect(await told(page)).toContain('The session has ended.');
    expect(await sessions(page).filter({ hasText: 'Demo' }).count()).toBe(0);
    expect((await demo.refresh(tokens.refresh_token)).body['error']).toBe('invalid_grant');
    expect((await agent.open(demo.authorizationUrl())).title).toContain('Sign in');

    const phone = new UserAgent(plane.issuer);
    const offline = await demo.signInForTokens({}, phone);
    await page.reload();
    const consent = items(page, 'Apps with access to your account').filter({ hasText: 'Demo' }).first();
    await consent.getByText('What it can do').click();
    expect(await consent.innerText()).toContain('Keep this access while you are away');
    await page.getByRole('button', { name: 'Withdraw the access of Demo' }).click();
    await page.waitForURL('**/account?notice=withdrawn');
    expect((await demo.refresh(offline.refresh_token)).body['error']).toBe('invalid_grant');
    expect(await page.getByRole('region', { name: 'Apps' }).innerText()).not.toContain('Demo');
    // The app asks anew, of whoever proves themselves anew; elsewhere the session goes on.
    expect((await phone.open(demo.authorizationUrl())).html).toContain('enter your password again');
    expect((await phone.open('/account')).title).toContain('Your account');
    await context.close();
  }, 30_000);

  it('ends all others, offline ones too, and goes on itself', async () => {
    const offline = await demo.signInForTokens();
    const context = await chromium.newContext();
    const page = await atAccount(context);
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.waitForURL('**/account?notice=others-ended');
    expect(await sessions(page).count()).toBe(1);
    expect((await demo.refresh(offline.refresh_token)).body['error']).toBe('invalid_grant');
    expect((await demo.introspect(offline.access_token)).body).toEqual({ active: false });
    await context.close();
  }, 30_000);

  it('shows sign-in where an administrator has ended all of the account, and does nothing for the page that was open', async () => {
    const before = await demo.signInForTokens();
    const context = await chromium.newContext();
    const page = await atAccount(context);
    const console = new Administrator(plane.issuer, `${plane.issuer}/token`);
    const found = await console.ask('GET', '/admin/v1/accounts?username=alice');
    const [account] = (found.body as { items: { id: string }[] }).items;
    const revocation = { kind: 'account', account_id: account?.id };
    expect((await console.ask('POST', '/admin/v1/revocations', revocation)).status).toBe(200);
    const after = await demo.signInForTokens();
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect((await demo.refresh(before.refresh_token)).body['error']).toBe('invalid_grant');
    expect((await demo.refresh(after.refresh_token)).status).toBe(200);
    await context.close();
  }, 30_000);

  it.each(looks)('looks as it should: $name', async ({ name, viewport, colorScheme }) => {
    await demo.signInForTokens();
    const context = await chromium.newContext({ viewport, colorScheme });
    const page = await atAccount(context);
    const root = 'document.documentElement';
    const overflow = await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`);
    expect([overflow, await page.locator('script').count()]).toEqual([0, 0]);
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: path.join(screenshots, `account-${name}.png`), fullPage: true });
    await context.close();
  });
});

describe('the forms of the account page', () => {
  const open = async () => {
    const agent = new UserAgent(plane.issuer);
    const page = await agent.submit(await agent.open('/account'), { ...alice });
    expect(page.title).toContain('Your account');
    return { agent, page };
  };

  it('are nothing in another browser, in another session, or with something that is not there', async () => {
    // Two sessions, so that there is something to end.
    const { agent: other } = await open();
    const { agent, page } = await open();
    const stranger = await other.submit(page, { decision: 'end-others' });
    expect([stranger.status, stranger.title]).toEqual([400, expect.stringContaining('expired')]);
    const fields = { decision: 'end-session', session: `ses_${'0'.repeat(32)}` };
    expect((await agent.submit(page, fields)).status).toBe(400);
    expect((await agent.submit(page, { decision: 'nonsense' })).status).toBe(400);
    expect((await agent.submit({ ...page, fields: {} }, fields)).status).toBe(400);
    // Of the same browser, signed in anew since.
    const [session] = [...agent.cookies].find(([name]) => /signet-[0-9a-f]{8}$/.test(name)) ?? [''];
    agent.cookies.delete(session);
    await agent.submit(await agent.open('/account'), { ...alice });
    const late = await agent.submit(page, { decision: 'end-others' });
    expect(late.html).toContain('Nothing was changed');
    expect((await other.open('/account')).title).toContain('Your account');
  });

  it('belong to a tenant', async () => {
    const agent = new UserAgent(plane.issuer);
    const page = await agent.submit(await agent.open('/account/t/globex'), { ...alice });
    expect([page.title, page.html]).toEqual([
      expect.stringContaining('Globex'),
      expect.stringContaining('Alice of globex'),
    ]);
    expect(page.html).toContain('href="/logout/t/globex"');
    expect((await agent.open('/account')).title).toContain('Sign in');
  });
});
