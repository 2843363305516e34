import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import {
  AuditLog,
  launchChromium,
  looks,
  openSetUp,
  Plane,
  screenshots,
  setUpOf,
  signsIn,
  unadministered,
  until,
  UserAgent,
  type SetUp,
} from '../src/index.js';

const password = 'correct horse battery';
const root = { username: 'root', password };
const filled = { ...root, password_again: password, name: 'Root', email: 'root@example.com' };

describe('the first administrator, in five processes', () => {
  let plane: Plane;
  const slugs = ['default', 'other', 'twice', 'stale'];
  beforeAll(async () => {
    plane = await Plane.start({ form: 'five processes', configuration: unadministered(slugs) });
  }, 120_000);
  afterAll(() => plane.stop());

  const told = (html: string) => /role="alert">.*?<p>(.*?)<\/p>/s.exec(html)?.[1]?.trim();
  const shows = async (slug: string) =>
    (await new UserAgent(plane.issuer).open(slug === 'default' ? '/setup' : `/setup/t/${slug}`)).status;

  it('is made with the code that the operator was told, and then nothing is there any more', async () => {
    expect(await shows('default')).toBe(404);
    const { url, code } = await openSetUp(plane);
    const agent = new UserAgent(plane.issuer);
    const page = await agent.open(url);
    expect([page.status, page.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    const done = await agent.submit(page, { ...filled, setup_code: code.toLowerCase().replaceAll('-', ' ') });
    expect([done.status, done.title]).toEqual([200, expect.stringContaining('Signet is set up')]);
    expect(await signsIn(plane, 'default', root)).toBe(true);
    expect(await shows('default')).toBe(404);
    expect(await plane.signet('setup', 'link')).toBe('This tenant has an administrator.\n');
    expect(await plane.signet('setup', 'link', '--unless-open')).toBe('');
  }, 60_000);

  it('says what is to be mended, keeps what was typed but for secrets, and asks for the code no more once it was right', async () => {
    const { url, code } = await openSetUp(plane, 'other');
    const agent = new UserAgent(plane.issuer);
    let page = await agent.submit(await agent.open(url), { ...filled, setup_code: '00000-00000-00000-00000' });
    expect([page.status, told(page.html)]).toEqual([400, expect.stringContaining('code is not right')]);
    expect(page.fields).toMatchObject({ setup_code: '', username: 'root', name: 'Root', password: '' });
    const mistakes = [
      [{ username: ' ' }, 'choose a username'],
      [{ username: '\u200b' }, 'choose a username'],
      [{ password: 'short', password_again: 'short' }, '8 to 1,024'],
      [{ password_again: 'correct horse batterz' }, 'not the same'],
      [{ name: 'x'.repeat(201) }, 'name of at most'],
      [{ email: 'nobody' }, 'not an email address'],
    ] as const;
    for (const [mistake, says] of mistakes) {
      page = await agent.submit(page, {
        ...filled,
        ...('setup_code' in page.fields && { setup_code: code }),
        ...mistake,
      });
      expect([page.status, told(page.html)]).toEqual([400, expect.stringContaining(says)]);
      expect(page.fields).not.toHaveProperty('setup_code');
    }
    // What is sealed into the form is this browser's alone.
    const stranger = await new UserAgent(plane.issuer).submit(page, filled);
    expect([stranger.status, stranger.title]).toEqual([400, expect.stringContaining('expired')]);
    expect((await agent.submit(page, filled)).status).toBe(200);
    expect(await signsIn(plane, 'other', root)).toBe(true);
  }, 60_000);

  it('is one, however often the form is sent, and the same form is answered the same', async () => {
    const { url, code } = await openSetUp(plane, 'twice');
    const agents = Array.from({ length: 4 }, () => new UserAgent(plane.issuer));
    const pages = await Promise.all(agents.map((agent) => agent.open(url)));
    const send = (place: number) => {
      const [agent, page] = [agents[place], pages[place]];
      if (!agent || !page) throw new Error('no such browser');
      return agent.submit(page, { ...filled, username: `root${place}`, setup_code: code });
    };
    const answers = await Promise.all([0, 0, 1, 2, 3].map(send));
    for (const { status } of answers) expect([200, 503]).toContain(status);
    const signedIn = await Promise.all(
      [0, 1, 2, 3].map((place) => signsIn(plane, 'twice', { username: `root${place}`, password })),
    );
    expect(signedIn.filter(Boolean)).toHaveLength(1);
    expect((await send(1)).status).toBe(200);
  }, 60_000);

  it('has a code that the next one replaces', async () => {
    const stale = await openSetUp(plane, 'stale');
    const { code } = await openSetUp(plane, 'stale');
    const agent = new UserAgent(plane.issuer);
    const page = await agent.open(stale.url);
    const refused = await agent.submit(page, { ...filled, setup_code: stale.code });
    expect([refused.status, told(refused.html)]).toEqual([400, expect.stringContaining('code is not right')]);
    const unread = await agent.submit(page, { ...filled, setup_code: code });
    expect(unread.status).toBe(200);
  }, 60_000);
});

describe('guessing the set-up code', () => {
  let plane: Plane;
  beforeAll(async () => {
    const env = { SIGNET_GUESSING: 'usercode=3/600,account=off,network=off' };
    plane = await Plane.start({ form: 'one process', configuration: unadministered(['default']), env });
  }, 90_000);
  afterAll(() => plane.stop());

  it('is slowed per network, whatever the browser, and the right code waits too', async () => {
    const right = setUpOf(readFileSync(plane.part('authn').program.log, 'utf8'));
    if (!right) throw new Error('the start printed no code');
    const guess = async (code: string) => {
      const agent = new UserAgent(plane.issuer);
      return agent.submit(await agent.open(right.url), { ...filled, setup_code: code });
    };
    for (const digit of ['1', '2', '3']) expect((await guess(digit.repeat(20))).status).toBe(400);
    const refused = await guess(right.code);
    expect([refused.status, Number(refused.headers.get('Retry-After')) > 0]).toEqual([429, true]);
    const log = new AuditLog(plane);
    await log.settled();
    const refusals = (await log.entries()).filter(({ type }) => type === 'signet.authn.setup.refused.v1');
    expect(refusals).toHaveLength(3);
  }, 60_000);
});

const walk = [
  ...['authn.setup.claim', 'directory.administrator.insert', 'authn.setup.finish'].flatMap((statement) => [
    `before-commit:${statement}`,
    `after-commit:${statement}`,
  ]),
  'before-respond:/setup/t/:slug',
  'before-respond:signet.rpc.directory.v1.administrator.create',
];

describe('the first administrator, killed at a failpoint', () => {
  let plane: Plane;
  let log: AuditLog;
  const slugs = walk.map((_, place) => `t${place}`);
  beforeAll(async () => {
    plane = await Plane.start({
      ...{ form: 'one process', failpoints: true },
      configuration: unadministered(['default', ...slugs]),
    });
    log = new AuditLog(plane);
  }, 120_000);
  afterAll(() => plane.stop());

  it.each(walk.map((failpoint, place) => [failpoint, `t${place}`] as const))(
    '%s: is made once, with the password, when the form is sent again',
    async (failpoint, slug) => {
      const { url, code } = await openSetUp(plane, slug);
      const agent = new UserAgent(plane.issuer);
      const page = await agent.open(url);
      const send = () => agent.submit(page, { ...filled, setup_code: code });
      const part = plane.part('authn');
      part.dieAt(failpoint);
      await send().catch(() => undefined);
      await until('the process to die', () => Promise.resolve(!part.program.running || undefined));
      await part.start();
      const done = await until('the administrator', async () => {
        const answer = await send();
        return answer.status === 503 ? undefined : answer;
      });
      expect([done.status, done.title]).toEqual([200, expect.stringContaining('Signet is set up')]);
      expect(await signsIn(plane, slug, root)).toBe(true);
      expect((await new UserAgent(plane.issuer).open(url)).status).toBe(404);
    },
    90_000,
  );

  it('lost no committed event, after all of them, and made nobody twice', async () => {
    await log.settled();
    const entries = await log.entries();
    const count = (type: string) => entries.filter((entry) => entry.type === type).length;
    expect(count('signet.directory.account.created.v1')).toBe(walk.length);
    expect(count('signet.authn.setup.finished.v1')).toBe(walk.length);
  }, 60_000);
});

describe('the set-up page in Chromium', () => {
  let plane: Plane;
  let browser: Browser;
  const slugs = [...looks.map(({ name }) => name), 'plain', 'keys'];
  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    plane = await Plane.start({ form: 'one process', configuration: unadministered(['default', ...slugs]) });
    browser = await launchChromium();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await plane.stop();
  });

  const inPage = async (options: Parameters<Browser['newContext']>[0], work: (page: Page) => Promise<void>) => {
    const context = await browser.newContext(options);
    try {
      await work(await context.newPage());
    } finally {
      await context.close();
    }
  };
  const fill = async (page: Page, { code }: Pick<SetUp, 'code'>) => {
    await page.getByLabel('Set-up code').fill(code);
    await page.getByLabel('Username').fill('root');
    await page.getByLabel('Password (at least 8 characters)').fill(password);
    await page.getByLabel('Password once more').fill('another one');
  };

  it.each(looks)(
    'asks, says what is to be mended, and is done ($name)',
    async ({ name, viewport, colorScheme }) => {
      const setUp = await openSetUp(plane, name);
      await inPage({ viewport, colorScheme }, async (page) => {
        const shoot = (what: string) =>
          page.screenshot({ path: path.join(screenshots, `${what}-${name}.png`), fullPage: true });
        await page.goto(setUp.url);
        await shoot('setup');
        await fill(page, setUp);
        await page.getByRole('button').click();
        await page.getByRole('alert').waitFor();
        await shoot('setup-mend');
        expect(await page.getByLabel('Set-up code').count()).toBe(0);
        await page.getByLabel('Password (at least 8 characters)').fill(password);
        await page.getByLabel('Password once more').fill(password);
        await page.keyboard.press('Enter');
        await page.getByText('Signet is set up').first().waitFor();
        await shoot('setup-done');
      });
    },
    60_000,
  );

  it('needs no JavaScript', async () => {
    const setUp = await openSetUp(plane, 'plain');
    await inPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(setUp.url);
      await fill(page, setUp);
      await page.getByLabel('Password once more').fill(password);
      await page.getByRole('button').click();
      await page.getByText('Signet is set up').first().waitFor();
    });
  }, 60_000);

  it('is filled in by keyboard alone, in the order of what it asks', async () => {
    const setUp = await openSetUp(plane, 'keys');
    await inPage({}, async (page) => {
      await page.goto(setUp.url);
      // The page gives the first field the focus a moment after it has loaded; what is typed before goes nowhere.
      await page.getByLabel('Set-up code').and(page.locator(':focus')).waitFor();
      const answers = [setUp.code, 'root', password, password, 'Root', 'root@example.com'];
      for (const [place, answer] of answers.entries()) {
        if (place > 0) await page.keyboard.press('Tab');
        await page.keyboard.type(answer);
      }
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const answered = page.getByText('Signet is set up').or(page.getByRole('alert'));
      expect(await answered.first().innerText()).toContain('Signet is set up');
    });
  }, 60_000);
});
