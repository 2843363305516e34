import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import {
  api,
  callback,
  endpoint,
  forms,
  issuerOf,
  Plane,
  RelyingParty,
  secrets,
  tenants,
  twinTenants,
} from '../src/index.js';

// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; http on loopback
const insecure = { [oauth.allowInsecureRequests]: true };

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form, configuration: twinTenants() });
  }, 90_000);
  afterAll(() => plane.stop());

  describe.each(tenants)('tenant %s', (slug) => {
    const issuer = () => issuerOf(plane.issuer, slug);
    const keyOf = async ({ config }: RelyingParty, alg = 'ES256') =>
      openid.getDPoPHandle(config, await openid.randomDPoPKeyPair(alg));

    /** Signs Alice in with a proof at /token; `DPoP` has no nonce yet, and the library learns it by the way. */
    async function boundSignIn(party: RelyingParty, DPoP: openid.DPoPHandle, parameters: Record<string, string> = {}) {
      const verifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const url = openid.buildAuthorizationUrl(party.config, {
        redirect_uri: callback,
        scope: 'openid profile offline_access',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...parameters,
      });
      const response = await party.newAgent().authorize(url, { username: 'alice', password: 'wonderland-1' });
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const redeem = (handle: openid.DPoPHandle | undefined) =>
        openid.authorizationCodeGrant(party.config, response, checks, undefined, handle && { DPoP: handle });
      return { redeem, tokens: () => redeem(DPoP) };
    }

    it.each<[string, openid.ClientAuth, string]>([
      ['demo', openid.ClientSecretBasic(secrets.demo), 'ES256'],
      ['demo-spa', openid.None(), 'Ed25519'],
      ['demo-post', openid.ClientSecretPost(secrets['demo-post']), 'PS256'],
    ])('openid-client signs in, asks userinfo and refreshes with DPoP as %s', async (clientId, authentication, alg) => {
      const party = await RelyingParty.discover(issuer(), clientId, authentication);
      expect(party.config.serverMetadata().dpop_signing_alg_values_supported).toContain('ES256');
      const DPoP = await keyOf(party, alg);
      const tokens = await (await boundSignIn(party, DPoP)).tokens();
      expect(tokens.token_type).toBe('dpop');
      const sub = tokens.claims()?.sub ?? '';
      const person = await openid.fetchUserInfo(party.config, tokens.access_token, sub, { DPoP });
      expect(person).toMatchObject({ name: `Alice of ${slug}` });

      const refreshed = await openid.refreshTokenGrant(party.config, tokens.refresh_token ?? '', undefined, { DPoP });
      expect(refreshed.token_type).toBe('dpop');
      expect((await openid.fetchUserInfo(party.config, refreshed.access_token, sub, { DPoP })).sub).toBe(sub);
    });

    it('openid-client gets bound tokens of its own; an introspector and oauth4webapi see to whom they are bound', async () => {
      const party = await RelyingParty.discover(issuer(), 'demo-service', openid.ClientSecretBasic(secrets.service));
      const keyPair = await openid.randomDPoPKeyPair();
      const DPoP = openid.getDPoPHandle(party.config, keyPair);
      const tokens = await openid.clientCredentialsGrant(party.config, { scope: 'api:read' }, { DPoP });
      const jkt = await DPoP.calculateThumbprint();
      expect(await openid.tokenIntrospection(party.config, tokens.access_token)).toMatchObject({
        active: true,
        token_type: 'DPoP',
        cnf: { jkt },
      });

      // A resource server of the tenant, which has the request and no more.
      const found = await oauth.discoveryRequest(new URL(issuer()), insecure);
      const as = await oauth.processDiscoveryResponse(new URL(issuer()), found);
      let seen: Request | undefined;
      const handle = oauth.DPoP({}, keyPair);
      await oauth.protectedResourceRequest(tokens.access_token, 'GET', new URL(api), undefined, undefined, {
        DPoP: handle,
        [oauth.customFetch]: (url: string, init: object) => {
          seen = new Request(url, init);
          return Promise.resolve(new Response());
        },
      });
      if (!seen) throw new Error('nothing was sent');
      expect(await oauth.validateJwtAccessToken(as, seen, api, insecure)).toMatchObject({ cnf: { jkt } });
    });

    it('a bound token is no bearer token, and a bearer token is not bound', async () => {
      const party = await RelyingParty.discover(issuer(), 'demo', openid.ClientSecretBasic(secrets.demo));
      const DPoP = await keyOf(party);
      const { access_token: bound } = await (await boundSignIn(party, DPoP)).tokens();
      const { tokens, claims } = await party.signIn();
      const userinfo = (token: string, more: { DPoP?: openid.DPoPHandle } = {}) =>
        openid.fetchUserInfo(party.config, token, claims.sub, more);
      await expect(userinfo(bound)).rejects.toMatchObject({ status: 401 });
      await expect(userinfo(tokens.access_token, { DPoP })).rejects.toMatchObject({ status: 401 });
      await expect(userinfo(bound, { DPoP: await keyOf(party) })).rejects.toMatchObject({ status: 401 });
      expect((await userinfo(bound, { DPoP })).sub).toBe((await userinfo(tokens.access_token)).sub);
    });

    // RFC 9449 section 10
    it('a code of a request with dpop_jkt is for that key alone', async () => {
      const party = await RelyingParty.discover(issuer(), 'demo-spa', openid.None());
      const DPoP = await keyOf(party);
      const dpop_jkt = await DPoP.calculateThumbprint();
      const { redeem, tokens } = await boundSignIn(party, DPoP, { dpop_jkt });
      await expect(redeem(await keyOf(party))).rejects.toMatchObject({ error: 'invalid_grant' });
      await expect(redeem(undefined)).rejects.toMatchObject({ error: 'invalid_grant' });
      const { refresh_token: token = '' } = await tokens();
      const refresh = async (handle: openid.DPoPHandle) =>
        openid.refreshTokenGrant(party.config, token, undefined, { DPoP: handle });
      await expect(refresh(await keyOf(party))).rejects.toMatchObject({ error: 'invalid_grant' });
      expect((await refresh(DPoP)).token_type).toBe('dpop');
    });

    it('a script of another origin may send proofs and read nonces', async () => {
      const at = endpoint(plane.issuer, slug, '/token');
      const preflight = await fetch(at, { method: 'OPTIONS', headers: { Origin: 'https://spa.example' } });
      expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('DPoP');
      expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Authorization');
      const answer = await fetch(at, { method: 'POST', headers: { Origin: 'https://spa.example' } });
      expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('DPoP-Nonce');
      expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate');
    });

    it('a proof is taken once by all replicas, of twenty at once', async () => {
      const party = await RelyingParty.discover(issuer(), 'demo-service', openid.ClientSecretBasic(secrets.service));
      const DPoP = await keyOf(party);
      await openid.clientCredentialsGrant(party.config, undefined, { DPoP });
      // The library's own proof, caught on its way and sent twenty times.
      let caught: RequestInit | undefined;
      party.config[openid.customFetch] = (url, init) => {
        caught = init as RequestInit;
        return fetch(url, caught);
      };
      await openid.clientCredentialsGrant(party.config, undefined, { DPoP });
      const proof = new Headers(caught?.headers).get('DPoP');
      expect(proof).not.toBeNull();
      const again = await fetch(endpoint(plane.issuer, slug, '/token'), caught);
      expect(await again.json()).toMatchObject({ error: 'invalid_dpop_proof' });

      let fresh: RequestInit | undefined;
      party.config[openid.customFetch] = (_url, init) => {
        fresh = init as RequestInit;
        return Promise.resolve(Response.json({ access_token: 'a', token_type: 'DPoP', expires_in: 1 }));
      };
      await openid.clientCredentialsGrant(party.config, undefined, { DPoP });
      const answers = await Promise.all(
        Array.from({ length: 20 }, async () => (await fetch(endpoint(plane.issuer, slug, '/token'), fresh)).status),
      );
      expect(answers.filter((status) => status === 200)).toHaveLength(1);
      // 503: it could not be judged in time, and may be sent again; it is not taken.
      for (const status of answers.filter((each) => each !== 200)) expect([400, 503]).toContain(status);
    });
  });
});
