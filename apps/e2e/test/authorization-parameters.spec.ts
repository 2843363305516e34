import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import {
  alice,
  codeClient,
  forms,
  issuerOf,
  Plane,
  RawClient,
  RelyingParty,
  secrets,
  tenants,
  twinTenants,
  type Shown,
} from '../src/index.js';

const errorOf = ({ left }: Shown) => left?.searchParams.get('error');
const codeOf = ({ left }: Shown) => left?.searchParams.get('code');
const passwordAsked = ({ html }: Shown) => html.includes('type="password"');

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    const careful = codeClient('careful', { client_secret: secrets.demo, default_acr_values: ['urn:gold'] });
    plane = await Plane.start({ form, configuration: twinTenants([careful]) });
  }, 180_000);
  afterAll(() => plane.stop());

  describe.each(tenants)('tenant %s', (slug) => {
    const demo = () => new RawClient(plane.issuer, slug, 'demo', secrets.demo);
    const party = () =>
      RelyingParty.discover(issuerOf(plane.issuer, slug), 'demo', openid.ClientSecretBasic(secrets.demo));

    // oidcc-claims-essential
    it('claims asked for by name are told where they were asked for, to a client that may have them', async () => {
      const { config, signIn } = await party().then((each) => ({
        config: each.config,
        signIn: each.signIn.bind(each),
      }));
      const parameters = {
        scope: 'openid offline_access',
        claims: JSON.stringify({
          userinfo: { name: { essential: true } },
          id_token: { email: null, auth_time: { essential: true }, phone_number: null },
        }),
      };
      const { claims, tokens, refreshToken } = await signIn(parameters);
      expect(claims).toMatchObject({ email: `alice@${slug}.example`, auth_time: expect.any(Number) });
      expect(claims).not.toHaveProperty('name');
      const person = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      expect(person).toEqual({ sub: claims.sub, name: `Alice of ${slug}` });
      expect((await openid.refreshTokenGrant(config, refreshToken)).claims()).toMatchObject({
        email: `alice@${slug}.example`,
      });
    });

    it('the person is asked to agree to the scopes that hold them', async () => {
      const lonely = new RawClient(plane.issuer, slug, `only-${slug}`, secrets.other);
      const { agent } = await demo().signIn();
      const claims = '{"userinfo":{"email":null}}';
      const page = await agent.open(lonely.authorizationUrl({ scope: 'openid', claims, prompt: 'consent' }));
      expect(page.html).toContain('See your email address');
    });

    // oidcc-id-token-hint
    it('id_token_hint: a code for that person without a page, login_required for anybody else', async () => {
      const client = demo();
      const { agent, id_token: hint } = await client.signInForTokens();
      const silent = (fields: Record<string, string>) =>
        agent.open(client.authorizationUrl({ prompt: 'none', ...fields }));
      expect(codeOf(await silent({ id_token_hint: hint }))).toBeTruthy();
      const { sub } = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
      const naming = (value: string) => ({ claims: JSON.stringify({ id_token: { sub: { value } } }) });
      expect(codeOf(await silent(naming(sub)))).toBeTruthy();
      expect(errorOf(await silent(naming('somebody-else')))).toBe('login_required');
      expect(errorOf(await silent({ id_token_hint: hint, ...naming('somebody-else') }))).toBe('login_required');
    });

    it('id_token_hint: nothing but an ID token of this client is one', async () => {
      const { id_token: hint, access_token: access, agent } = await demo().signInForTokens();
      const other = new RawClient(plane.issuer, slug, 'other', secrets.other);
      const [header = '', payload = ''] = hint.split('.');
      const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
      for (const [client, text] of [
        [demo(), `${none}.${payload}.`],
        [demo(), `${header}.${payload}.AAAA`],
        [demo(), access],
        [demo(), 'nonsense'],
        [other, hint],
      ] as const) {
        const answer = await agent.open(client.authorizationUrl({ prompt: 'none', id_token_hint: text }));
        expect(errorOf(answer)).toBe('invalid_request');
      }
    });

    it('a person who is not the one that is meant may sign in, and gets nothing when they are still not', async () => {
      const client = demo();
      const { agent } = await client.signIn();
      const claims = JSON.stringify({ id_token: { sub: { value: 'somebody-else' } } });
      const page = await agent.open(client.authorizationUrl({ claims }));
      expect(passwordAsked(page)).toBe(true);
      expect(errorOf(await agent.submit(page, { ...alice }))).toBe('login_required');
    });

    it('acr: voluntary values ask for nothing, essential ones that cannot be met are told', async () => {
      const client = demo();
      const { agent } = await client.signIn();
      const open = (fields: Record<string, string>) => agent.open(client.authorizationUrl(fields));
      expect(codeOf(await open({ acr_values: 'urn:gold urn:silver' }))).toBeTruthy();
      const essential = (...values: string[]) => ({
        claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
      });
      expect(codeOf(await open(essential('urn:gold', 'urn:signet:acr:password')))).toBeTruthy();
      expect(errorOf(await open(essential('urn:gold')))).toBe('unmet_authentication_requirements');
      const stranger = (await party()).newAgent();
      expect(errorOf(await stranger.open(client.authorizationUrl(essential('urn:gold'))))).toBe(
        'unmet_authentication_requirements',
      );
    });

    // OpenID Connect Dynamic Client Registration 1.0 section 2
    it('default_acr_values are voluntary: what cannot be reached fails nothing, and the ID token tells what was', async () => {
      const careful = new RawClient(plane.issuer, slug, 'careful', secrets.demo);
      const { id_token: idToken } = await careful.signInForTokens();
      const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as object;
      expect(claims).toMatchObject({ acr: 'urn:signet:acr:password' });
    });

    it('prompt=select_account: the account that is signed in, by the person’s own choice', async () => {
      const client = demo();
      const { agent } = await client.signIn();
      const page = await agent.open(client.authorizationUrl({ prompt: 'select_account' }));
      expect(page.title).toContain('Choose an account');
      expect(page.html).toContain(`Alice of ${slug}`);
      expect(codeOf(await agent.submit(page, { decision: 'continue' }))).toBeTruthy();
      const other = await agent.submit(page, { decision: 'switch' });
      expect(passwordAsked(other)).toBe(true);
      expect(codeOf(await agent.submit(other, { ...alice }))).toBeTruthy();
    });

    it('prompt=select_account: no other step stands in for it, and it for no other', async () => {
      const client = demo();
      const { agent } = await client.signIn();
      const page = await agent.open(client.authorizationUrl({ prompt: 'select_account login' }));
      expect(passwordAsked(page)).toBe(true);
      const choice = await agent.open(client.authorizationUrl({ prompt: 'select_account' }));
      const asConsent = await agent.submit({ ...choice, action: client.at('/consent') }, { decision: 'allow' });
      expect([asConsent.status, asConsent.left]).toEqual([400, undefined]);
      const nothing = await agent.submit(choice, {});
      expect([nothing.status, nothing.left]).toEqual([400, undefined]);
      // Signed out meanwhile: the choice was of a session that is no more.
      await agent.submit(await agent.open(client.at('/logout')), { decision: 'allow' });
      expect(passwordAsked(await agent.submit(choice, { decision: 'continue' }))).toBe(true);
      const stranger = (await party()).newAgent();
      expect(passwordAsked(await stranger.open(client.authorizationUrl({ prompt: 'select_account' })))).toBe(true);
    });

    it('ui_locales choose the language of every page; unknown values of display are ignored', async () => {
      const client = demo();
      const agent = (await party()).newAgent();
      const page = await agent.open(client.authorizationUrl({ ui_locales: 'xx fr-CA de', display: 'hologram' }));
      expect(page.html).toContain('lang="fr"');
      const wrong = await agent.submit(page, { username: 'alice', password: 'not-her-password' });
      expect([wrong.status, wrong.html.includes('lang="fr"')]).toEqual([400, true]);
    });

    // oidcc-display-page, oidcc-display-popup
    it.each([
      ['page', 'same-origin'],
      ['popup', 'unsafe-none'],
      ['touch', 'same-origin'],
      ['wap', 'same-origin'],
    ])('display=%s is taken; only a popup keeps its opener', async (display, policy) => {
      const page = await (await party()).newAgent().open(demo().authorizationUrl({ display, claims_locales: 'fr' }));
      expect([page.status, page.headers.get('Cross-Origin-Opener-Policy')]).toEqual([200, policy]);
    });
  });
});
