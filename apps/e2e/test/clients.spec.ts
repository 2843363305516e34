import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import {
  afterLogout,
  alice,
  api,
  callback,
  endpoint,
  forms,
  issuerOf,
  Plane,
  RawClient,
  RelyingParty,
  secrets,
  tenants,
  twinTenants,
  until,
  UserAgent,
} from '../src/index.js';

// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; http on loopback
const insecure = { [oauth.allowInsecureRequests]: true };

const isSessionCookie = (name: string) => /^signet-[0-9a-f]{8}$/.test(name);

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form, configuration: twinTenants() });
  }, 90_000);
  afterAll(() => plane.stop());

  describe.each(tenants)('tenant %s', (slug) => {
    const issuer = () => issuerOf(plane.issuer, slug);
    const demo = () => RelyingParty.discover(issuer(), 'demo', openid.ClientSecretBasic(secrets.demo));

    it.each<[string, openid.ClientAuth]>([
      ['demo', openid.ClientSecretBasic(secrets.demo)],
      ['demo-post', openid.ClientSecretPost(secrets['demo-post'])],
      ['demo-spa', openid.None()],
    ])('openid-client signs in, asks userinfo, refreshes and revokes as %s', async (clientId, authentication) => {
      const party = await RelyingParty.discover(issuer(), clientId, authentication);
      const { config } = party;
      const { response, tokens, claims, refreshToken } = await party.signIn();
      expect(response.searchParams.get('iss')).toBe(issuer());
      expect(claims).toMatchObject({ iss: issuer(), aud: clientId, amr: ['pwd'] });
      expect(tokens.expires_in).toBe(300);

      const person = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      expect(person).toMatchObject({ name: `Alice of ${slug}`, email: `alice@${slug}.example`, email_verified: true });

      const refreshed = await openid.refreshTokenGrant(config, refreshToken);
      const { sub, auth_time, sid } = claims;
      expect(refreshed.claims()).toMatchObject({ sub, auth_time, sid });
      expect(refreshed.refresh_token).not.toBe(refreshToken);

      await openid.tokenRevocation(config, refreshed.refresh_token ?? '');
      const again = openid.refreshTokenGrant(config, refreshed.refresh_token ?? '');
      await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    });

    it('openid-client introspects its tokens, until they are revoked', async () => {
      const { config, ...party } = await demo().then((each) => ({
        config: each.config,
        signIn: each.signIn.bind(each),
      }));
      const { tokens, claims, refreshToken } = await party.signIn();
      expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({
        active: true,
        client_id: 'demo',
        sub: claims.sub,
        iss: issuer(),
        token_type: 'Bearer',
      });
      expect(await openid.tokenIntrospection(config, refreshToken)).toMatchObject({ active: true });
      await openid.tokenRevocation(config, tokens.access_token);
      await until(
        'the revocation to be seen',
        async () => !(await openid.tokenIntrospection(config, tokens.access_token)).active || undefined,
        1,
      );
      expect(await openid.tokenIntrospection(config, 'nonsense')).toEqual({ active: false });
    });

    it('openid-client gets tokens of its own, and reads one at its resource server', async () => {
      const service = await RelyingParty.discover(issuer(), 'demo-service', openid.ClientSecretBasic(secrets.service));
      const tokens = await openid.clientCredentialsGrant(service.config, { scope: 'api:read' });
      expect(tokens.refresh_token).toBeUndefined();
      expect(tokens.id_token).toBeUndefined();
      expect(await openid.tokenIntrospection(service.config, tokens.access_token)).toMatchObject({
        active: true,
        aud: api,
        scope: 'api:read',
        client_id: 'demo-service',
      });
      const as = await oauth.discoveryRequest(new URL(issuer()), insecure);
      const server = await oauth.processDiscoveryResponse(new URL(issuer()), as);
      const request = new Request(api, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
      expect(await oauth.validateJwtAccessToken(server, request, api, insecure)).toMatchObject({
        client_id: 'demo-service',
        sub: 'demo-service',
      });
    });

    it.each(['oidc', 'oauth2'] as const)('oauth4webapi signs in after discovery by %s', async (algorithm) => {
      const found = await oauth.discoveryRequest(new URL(issuer()), { algorithm, ...insecure });
      const as = await oauth.processDiscoveryResponse(new URL(issuer()), found);
      const client = { client_id: 'demo' };
      const authentication = oauth.ClientSecretBasic(secrets.demo);
      const verifier = oauth.generateRandomCodeVerifier();
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const url = new URL(as.authorization_endpoint ?? '');
      url.search = new URLSearchParams({
        client_id: 'demo',
        redirect_uri: callback,
        response_type: 'code',
        scope: 'openid offline_access',
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).toString();
      const response = await new UserAgent(plane.issuer).authorize(url, alice);
      const parameters = oauth.validateAuthResponse(as, client, response, state);
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        authentication,
        parameters,
        callback,
        verifier,
        insecure,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(as, answer, insecure);
      const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' };
      const person = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
      expect(await oauth.processUserInfoResponse(as, client, sub, person)).toEqual({ sub });
    });

    it('prompt=none answers login_required, then a code, without a page', async () => {
      const party = await demo();
      const agent = party.newAgent();
      const early = await agent.open((await party.begin({ prompt: 'none' })).url);
      expect(early.left?.searchParams.get('error')).toBe('login_required');
      expect(early.left?.searchParams.get('iss')).toBe(issuer());
      const first = await party.signIn({}, agent);
      const { url, redeem } = await party.begin({ prompt: 'none' });
      const { left } = await agent.open(url);
      const { sub, auth_time, sid } = first.claims;
      expect((await redeem(left ?? url)).claims()).toMatchObject({ sub, auth_time, sid });
    });

    it('prompt=none answers consent_required where the person has not agreed', async () => {
      const { agent } = await (await demo()).signIn();
      const lonely = new RawClient(plane.issuer, slug, `only-${slug}`, secrets.other);
      const { left } = await agent.open(lonely.authorizationUrl({ prompt: 'none' }));
      expect(left?.searchParams.get('error')).toMatch(/^(consent_required|interaction_required)$/);
    });

    it.each([{ prompt: 'login' }, { max_age: '0' }])('%j asks for the password again', async (parameters) => {
      const party = await demo();
      const first = await party.signIn();
      const cookies = new Map(first.agent.cookies);
      const { url, redeem } = await party.begin(parameters);
      const page = await first.agent.open(url);
      expect(page.html).toContain('type="password"');
      const { left } = await first.agent.submit(page, { ...alice });
      const claims = (await redeem(left ?? url)).claims();
      expect(claims?.auth_time).toBeGreaterThanOrEqual(Number(first.claims.auth_time));
      expect(claims?.['sid']).toBe(first.claims['sid']);
      const [session = ''] = [...cookies.keys()].filter(isSessionCookie);
      expect(first.agent.cookies.get(session)).not.toBe(cookies.get(session));
    });

    it('max_age that the session is young enough for asks nothing', async () => {
      const party = await demo();
      const { agent, claims } = await party.signIn();
      const { url, redeem } = await party.begin({ max_age: '600' });
      const { left } = await agent.open(url);
      expect((await redeem(left ?? url)).claims()?.auth_time).toBe(claims.auth_time);
    });

    it('login_hint stands in the page, as text', async () => {
      const party = await demo();
      const hint = 'alice"><b>&amp;';
      const page = await party.newAgent().open((await party.begin({ login_hint: hint })).url);
      expect(page.fields['username']).toBe(hint);
      expect(page.html).not.toContain('<b>');
    });

    it('a no to consent, or to signing in, is access_denied', async () => {
      const party = await demo();
      const agent = party.newAgent();
      const asked = await agent.open((await party.begin({ prompt: 'consent' })).url);
      const away = await agent.submit(asked, { decision: 'deny' });
      expect(away.left?.searchParams.get('error')).toBe('access_denied');
      const { url, redeem } = await party.begin({ prompt: 'consent' });
      const consent = await agent.submit(await agent.open(url), { ...alice });
      const denied = await agent.submit(consent, { decision: 'deny' });
      await expect(redeem(denied.left ?? url)).rejects.toMatchObject({ error: 'access_denied' });
    });

    it('logout ends the session and what came of it, and sends the browser back', async () => {
      const party = await demo();
      const { agent, tokens, idToken } = await party.signIn({ scope: 'openid' });
      const { left } = await agent.open(
        openid.buildEndSessionUrl(party.config, {
          id_token_hint: idToken,
          post_logout_redirect_uri: afterLogout,
          state: 'bye now',
        }),
      );
      expect(left?.href).toBe(`${afterLogout}?state=bye+now`);
      await until(
        'the logout to be seen',
        async () => !(await openid.tokenIntrospection(party.config, tokens.access_token)).active || undefined,
        1,
      );
      const silent = await agent.open((await party.begin({ prompt: 'none' })).url);
      expect(silent.left?.searchParams.get('error')).toBe('login_required');
    });

    it('logout without a hint asks first', async () => {
      const party = await demo();
      const { agent } = await party.signIn();
      const question = await agent.open(endpoint(plane.issuer, slug, '/logout'));
      await agent.submit(question, { decision: 'deny' });
      expect(
        (await agent.open((await party.begin({ prompt: 'none' })).url)).left?.searchParams.get('code'),
      ).toBeTruthy();
      await agent.submit(await agent.open(endpoint(plane.issuer, slug, '/logout')), { decision: 'allow' });
      const silent = await agent.open((await party.begin({ prompt: 'none' })).url);
      expect(silent.left?.searchParams.get('error')).toBe('login_required');
    });
  });

  describe.each([
    ['default', 'globex'],
    ['globex', 'default'],
  ] as const)('what %s gave is refused at %s', (from, to) => {
    const at = (slug: typeof from) => new RawClient(plane.issuer, slug, 'demo', secrets.demo);

    it('codes and tokens, from a client of the same name and secret', async () => {
      const [home, abroad] = [at(from), at(to)];
      const code = await home.signIn();
      expect(await abroad.redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      const { access_token: access, refresh_token: refresh } = await home.signInForTokens({}, code.agent);
      expect(await abroad.refresh(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      const userinfo = await abroad.userinfo(access);
      expect(userinfo.status).toBe(401);
      expect(userinfo.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
      for (const token of [access, refresh]) {
        expect(await abroad.introspect(token)).toMatchObject({ status: 200, body: { active: false } });
        expect((await abroad.revoke(token)).status).toBe(200);
        expect((await home.introspect(token)).body['active']).toBe(true);
      }
      // Nothing was spent or ended by the attempts.
      expect((await home.redeem(code)).status).toBe(200);
      expect((await home.refresh(refresh)).status).toBe(200);
    });

    it('a client', async () => {
      const lonely = new RawClient(plane.issuer, from, `only-${from}`, secrets.other);
      const { code, verifier, agent } = await lonely.signIn();
      const stranger = new RawClient(plane.issuer, to, `only-${from}`, secrets.other);
      expect(await stranger.redeem({ code, verifier })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
      const page = await agent.open(stranger.authorizationUrl());
      expect([page.status, page.left]).toEqual([400, undefined]);
    });

    it('a session, also under the other tenant’s cookie name', async () => {
      const { agent } = await at(from).signIn();
      const silent = () => agent.open(at(to).authorizationUrl({ prompt: 'none' }));
      expect((await silent()).left?.searchParams.get('error')).toBe('login_required');
      const foreign = new UserAgent(plane.issuer);
      await at(to).signIn({}, foreign);
      const [ours = ''] = [...agent.cookies].filter(([name]) => isSessionCookie(name)).map(([, value]) => value);
      const [theirName = ''] = [...foreign.cookies.keys()].filter(isSessionCookie);
      expect([ours, theirName].every((each) => each !== '')).toBe(true);
      agent.cookies.set(theirName, ours);
      expect((await silent()).left?.searchParams.get('error')).toBe('login_required');
    });

    it('an id_token_hint', async () => {
      const { id_token: hint, agent } = await at(from).signInForTokens();
      await at(to).signIn({}, agent);
      const logout = new URL(endpoint(plane.issuer, to, '/logout'));
      logout.search = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: afterLogout }).toString();
      expect((await agent.open(logout)).left).toBeUndefined();
      const silent = await agent.open(at(to).authorizationUrl({ prompt: 'none' }));
      expect(silent.left?.searchParams.get('code')).toBeTruthy();
    });

    it('a form', async () => {
      const agent = new UserAgent(plane.issuer);
      const here = await agent.open(at(from).authorizationUrl());
      const there = await agent.open(at(to).authorizationUrl());
      const page = await agent.submit({ ...there, fields: here.fields }, { ...alice });
      expect([page.status, page.left]).toEqual([400, undefined]);
    });
  });
});
