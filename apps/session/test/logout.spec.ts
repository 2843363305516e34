import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accountId, newId, sessionId, sidOf } from '@signet/contracts';
import { generateSigningKey, importSigningKey, signJwt } from '@signet/keys';
import { browserStateCookie } from '@signet/service';
import { aClient, aTenant } from '@signet/testing';
import { issuer, sessionOverHttp, type Browser, type SessionOverHttp } from './session-http.js';

const tenant = aTenant({ slug: 'default', issuer });
const bye = 'https://shop.example/bye';
const [alice, bob] = [newId(accountId), newId(accountId)];
const shop = aClient({
  tenantId: tenant.id,
  postLogoutRedirectUris: [bye],
  frontchannelLogoutUri: 'https://shop.example/front?x=1',
  registration: 'operator',
});
const club = aClient({
  tenantId: tenant.id,
  clientId: 'club',
  name: 'The Club',
  frontchannelLogoutUri: 'https://club.example:8443/front',
});

let key: Awaited<ReturnType<typeof generateSigningKey>>;
let sessions: SessionOverHttp;
beforeAll(async () => {
  key = await generateSigningKey('ES256');
  sessions = await sessionOverHttp(tenant);
  sessions.said.clients.push(
    shop,
    club,
    aClient({ tenantId: tenant.id, clientId: 'bare' }),
    aClient({ tenantId: tenant.id, clientId: 'stray', registration: 'open' }),
    aClient({ tenantId: tenant.id, clientId: 'gone', enabled: false, frontchannelLogoutUri: 'https://gone.example/' }),
  );
  sessions.said.accounts.set('alice', alice).set('bob', bob);
  sessions.said.keys = [key.publicJwk];
});
afterAll(() => sessions.stop());
beforeEach(() => {
  sessions.said.away = false;
});

/** An ID token of a session at the shop, which ended long ago. */
const hintOf = ({ id }: Browser, changes: object = {}) =>
  signJwt({
    key: importSigningKey(key),
    typ: 'JWT',
    claims: {
      ...{ iss: issuer, sub: 'sub-alice', aud: 'shop', sid: sidOf(id, 'shop') },
      ...{ iat: 1, exp: 2, auth_time: 1, ...changes },
    },
  });

const logout = async (browser: Browser, query: Readonly<Record<string, string>> = {}) => {
  const answer = await sessions.send(browser, `/logout?${new URLSearchParams(query).toString()}`);
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};
const asks = (html: string) => html.includes('value="allow"');
const interactionIn = (html: string) => /name="interaction" value="([^"]+)"/.exec(html)?.[1] ?? '';
const policyOf = (headers: Headers) => headers.get('Content-Security-Policy') ?? '';

describe('a logout that is refused', () => {
  it.each<[string, string, (browser: Browser) => Promise<Record<string, string>>]>([
    ['an unknown client', 'client_unknown', () => Promise.resolve({ client_id: 'nobody' })],
    [
      "another client's hint",
      'client_id_mismatch',
      async (browser) => ({ client_id: 'club', id_token_hint: await hintOf(browser) }),
    ],
    [
      'a URI that is not registered',
      'post_logout_redirect_uri_mismatch',
      () => Promise.resolve({ client_id: 'shop', post_logout_redirect_uri: 'https://evil.example/' }),
    ],
  ])('ends nothing and is an event: %s', async (_, reason, asked) => {
    const browser = await sessions.signedIn(alice, 'shop');
    const answer = await logout(browser, await asked(browser));
    expect([answer.status, await sessions.end(browser)]).toEqual([400, null]);
    const [refused] = await sessions.database.query<{ leaf: Buffer }>(
      `select leaf from session.outbox where subject like '%.logout.refused' order by id desc limit 1`,
    );
    expect(JSON.parse(refused?.leaf.toString('utf8') ?? '{}')).toMatchObject({ reason, actor: 'anonymous' });
  });
});

describe('the hint', () => {
  it('may have expired, and be signed by any key that was ever ours', async () => {
    const browser = await sessions.signedIn(alice, 'bare');
    const answer = await logout(browser, { id_token_hint: await hintOf(browser), post_logout_redirect_uri: bye });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, bye]);
    expect(await sessions.end(browser)).toBe('logout');
    expect([...browser.cookies.keys()]).toEqual([]);
  });

  it.each<[string, (browser: Browser) => Promise<string>]>([
    ['of another session', async () => hintOf(await sessions.signedIn(alice, 'shop'))],
    ['of another issuer', (browser) => hintOf(browser, { iss: 'https://evil.example' })],
    ['that is none', () => Promise.resolve('nonsense')],
  ])('%s asks, and ends nothing', async (_what, hint) => {
    const browser = await sessions.signedIn(alice, 'shop');
    const answer = await logout(browser, { id_token_hint: await hint(browser), post_logout_redirect_uri: bye });
    expect([answer.status, asks(answer.html), await sessions.end(browser)]).toEqual([200, true, null]);
  });
});

describe('logout_hint', () => {
  it.each<[string, (browser: Browser) => string]>([
    ['their identifier', () => 'alice'],
    ['the sid', ({ id }) => sidOf(id, 'shop')],
  ])('of the person, by %s, is no hindrance', async (_what, hint) => {
    const browser = await sessions.signedIn(alice, 'shop');
    await logout(browser, { id_token_hint: await hintOf(browser), logout_hint: hint(browser) });
    expect(await sessions.end(browser)).toBe('logout');
  });

  it.each([
    ['somebody else', 'bob'],
    ['nobody', 'nobody'],
    ['what no identifier can be', 'x'.repeat(400)],
  ])('of %s asks', async (_what, hint) => {
    const browser = await sessions.signedIn(alice, 'shop');
    const answer = await logout(browser, { id_token_hint: await hintOf(browser), logout_hint: hint });
    expect([answer.status, asks(answer.html), await sessions.end(browser)]).toEqual([200, true, null]);
  });

  it('asks where the directory cannot say whose it is, and proves nothing by itself', async () => {
    const browser = await sessions.signedIn(alice, 'shop');
    expect(asks((await logout(browser, { logout_hint: 'alice' })).html)).toBe(true);
    const query = { id_token_hint: await hintOf(browser), logout_hint: 'alice' };
    sessions.said.away = true;
    expect(asks((await logout(browser, query)).html)).toBe(true);
    expect(await sessions.end(browser)).toBeNull();
  });
});

describe('the question', () => {
  it('is in the language of ui_locales, as is what follows', async () => {
    const browser = await sessions.signedIn(alice, 'bare');
    const { html } = await logout(browser, { ui_locales: 'es de' });
    expect(html).toContain('Abmelden?');
    const answer = await sessions.send(browser, '/logout', { interaction: interactionIn(html), decision: 'allow' });
    expect(await answer.text()).toContain('Sie sind abgemeldet');
    expect(await sessions.end(browser)).toBe('logout');
  });

  it('is about one session: whoever signs in meanwhile stays', async () => {
    const [browser, other] = [await sessions.signedIn(alice, 'shop'), await sessions.signedIn(bob, 'shop')];
    const { html } = await logout(browser);
    for (const [name, value] of other.cookies) browser.cookies.set(name, value);
    const answer = await sessions.send(browser, '/logout', { interaction: interactionIn(html), decision: 'allow' });
    expect([answer.status, await sessions.end(browser), await sessions.end(other)]).toEqual([400, null, null]);
  });
});

describe('front-channel logout', () => {
  const framesIn = (html: string) =>
    [...html.matchAll(/<iframe hidden title="([^"]*)" src="([^"]*)"/g)].map(([, title, src]) => ({
      title,
      src: src?.replaceAll('&amp;', '&'),
    }));
  const query = ({ id }: Browser, client: string) => `iss=${encodeURIComponent(issuer)}&sid=${sidOf(id, client)}`;
  const frames = (browser: Browser) => [
    { title: 'Shop', src: `https://shop.example/front?x=1&${query(browser, 'shop')}` },
    { title: 'The Club', src: `https://club.example:8443/front?${query(browser, 'club')}` },
  ];

  it('frames every enabled client of the session that asked for it, then goes on', async () => {
    const browser = await sessions.signedIn(alice, 'shop', 'bare', 'gone', 'club');
    const hint = { id_token_hint: await hintOf(browser), post_logout_redirect_uri: bye, state: 'a&b' };
    const { status, headers, html } = await logout(browser, hint);
    expect([status, framesIn(html)]).toEqual([200, frames(browser)]);
    expect(html).toContain(`href="${bye}?state=a%26b"`);
    expect(policyOf(headers)).toContain("; frame-src https://shop.example https://club.example:8443; base-uri 'none'");
    expect(await sessions.end(browser)).toBe('logout');
  });

  it('is beside the last page where there is nowhere to go, after a question too', async () => {
    const browser = await sessions.signedIn(alice, 'club');
    const question = await logout(browser);
    expect([framesIn(question.html), policyOf(question.headers).includes('frame-src')]).toEqual([[], false]);
    const form = { interaction: interactionIn(question.html), decision: 'allow' };
    const answer = await sessions.send(browser, '/logout', form);
    expect(framesIn(await answer.text())).toEqual(frames(browser).slice(1));
  });

  const age = (browser: Browser, minutes: number) =>
    sessions.database.query(`begin; set local session_replication_role = replica;
      update session.session set ended_at = ended_at - interval '${minutes} minutes' where id = '${browser.id}'; commit`);

  it('is again for ten minutes where the cookie came again, and never by the id alone', async () => {
    const browser = await sessions.signedIn(alice, 'shop');
    const [name = '', value = ''] = [...browser.cookies][0] ?? [];
    const again = async (client: string, cookie = value) => {
      const repeat = { id: browser.id, cookies: new Map([[name, cookie]]) };
      return framesIn((await logout(repeat, { client_id: client })).html);
    };
    await logout(browser, { id_token_hint: await hintOf(browser) });
    const told = frames(browser).slice(0, 1);
    expect([await again('shop'), await again('stray')]).toEqual([told, told]);
    expect(await again('shop', `${browser.id}.${'y'.repeat(43)}`)).toEqual([]);
    await age(browser, 9);
    expect(await again('shop')).toEqual(told);
    await age(browser, 1);
    expect(await again('shop')).toEqual([]);
  });

  it('is not again for a session that something else has ended', async () => {
    const browser = await sessions.signedIn(alice, 'shop');
    await sessions.database.query(`begin; set local session_replication_role = replica; update session.session
      set ended_at = clock_timestamp(), end_reason = 'revoked' where id = '${browser.id}'; commit`);
    expect(framesIn((await logout(browser, { id_token_hint: await hintOf(browser) })).html)).toEqual([]);
  });

  it('waits for no client that cannot be read', async () => {
    const [known, browser] = [await sessions.signedIn(alice, 'shop'), await sessions.signedIn(alice, 'new', 'shop')];
    await logout(known, { id_token_hint: await hintOf(known) });
    sessions.said.away = true;
    const { html } = await logout(browser, { id_token_hint: await hintOf(browser) });
    expect(framesIn(html)).toEqual(frames(browser).slice(0, 1));
  });
});

describe('check_session_iframe', () => {
  it('is told of no logout by a request without the cookie of the session, as other sites can have made', async () => {
    const state = browserStateCookie({ tenantId: tenant.id, issuer });
    const browser = { id: newId(sessionId), cookies: new Map([[state, 'A'.repeat(22)]]) };
    await logout(browser);
    expect([...browser.cookies.keys()]).toEqual([state]);
  });

  it('is the same page for everybody, and names the cookie that its script reads', async () => {
    const answer = await sessions.send({ id: newId(sessionId), cookies: new Map() }, '/check-session');
    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=300']);
    expect(policyOf(answer.headers)).toMatch(/script-src 'sha256-[^']+'; base-uri 'none'; frame-ancestors \*$/);
    expect(answer.headers.has('X-Frame-Options')).toBe(false);
    expect(await answer.text()).toMatch(/data-cookie="signet-state-[0-9a-f]{8}"/);
  });
});
