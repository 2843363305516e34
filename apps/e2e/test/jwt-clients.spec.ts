import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as jose from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import {
  alice,
  callback,
  codeClient,
  endpoint,
  forms,
  issuerOf,
  Plane,
  plainHttp,
  RelyingParty,
  tenants,
  twinTenants,
  UserAgent,
} from '../src/index.js';

// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; http on loopback
const insecure = { [oauth.allowInsecureRequests]: true };
const secret = 'a secret that is long enough for HS256';

interface Key {
  readonly key: jose.CryptoKey;
  readonly kid: string;
  readonly jwk: jose.JWK;
}

async function newKey(alg: string): Promise<Key> {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  return { key: privateKey, kid, jwk: { ...(await jose.exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  const keys = new Map<string, Key>();
  beforeAll(async () => {
    const algs = ['RS256', 'PS256', 'ES256', 'Ed25519'];
    for (const alg of algs) keys.set(alg, await newKey(alg));
    const jwks = (alg: string) => ({ jwks: { keys: [keyOf(alg).jwk] } });
    const configuration = twinTenants([
      ...algs.map((alg) =>
        codeClient(`signer-${alg}`, { token_endpoint_auth_method: 'private_key_jwt', ...jwks(alg) }),
      ),
      codeClient('maccer', { token_endpoint_auth_method: 'client_secret_jwt', client_secret: secret }),
      codeClient('pusher', {
        token_endpoint_auth_method: 'private_key_jwt',
        require_pushed_authorization_requests: true,
        ...jwks('ES256'),
      }),
      codeClient('must-sign', {
        token_endpoint_auth_method: 'private_key_jwt',
        require_signed_request_object: true,
        ...jwks('ES256'),
      }),
      codeClient('public-pusher', { token_endpoint_auth_method: 'none' }),
    ]);
    plane = await Plane.start({ form, configuration });
  }, 120_000);
  afterAll(() => plane.stop());

  const keyOf = (alg: string): Key => {
    const key = keys.get(alg);
    if (!key) throw new Error(alg);
    return key;
  };
  const signed = (alg = 'ES256') => openid.PrivateKeyJwt(keyOf(alg));

  describe.each(tenants)('tenant %s', (slug) => {
    const issuer = () => issuerOf(plane.issuer, slug);

    // oidcc-server by each method; oidcc-ensure-client-assertion-with-iss-aud-succeeds
    it.each<[string, () => openid.ClientAuth]>([
      ['signer-RS256', () => signed('RS256')],
      ['signer-PS256', () => signed('PS256')],
      ['signer-ES256', () => signed('ES256')],
      // RFC 9864: the name that the library signs under.
      ['signer-Ed25519', () => signed('Ed25519')],
      ['maccer', () => openid.ClientSecretJwt(secret)],
    ])('openid-client signs in, refreshes, introspects and revokes as %s', async (clientId, authentication) => {
      const party = await RelyingParty.discover(issuer(), clientId, authentication());
      const { tokens, refreshToken } = await party.signIn();
      expect(await openid.tokenIntrospection(party.config, tokens.access_token)).toMatchObject({ active: true });
      const refreshed = await openid.refreshTokenGrant(party.config, refreshToken);
      await openid.tokenRevocation(party.config, refreshed.refresh_token ?? '');
      const again = openid.refreshTokenGrant(party.config, refreshed.refresh_token ?? '');
      await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    });

    it.each<[string, () => openid.ClientAuth]>([
      ['pusher', signed],
      ['public-pusher', openid.None],
    ])('openid-client pushes its request as %s', async (clientId, authentication) => {
      const party = await RelyingParty.discover(issuer(), clientId, authentication());
      const { response, claims } = await party.signIn({}, party.newAgent(), openid.buildAuthorizationUrlWithPAR);
      expect(response.searchParams.get('iss')).toBe(issuer());
      expect(claims).toMatchObject({ aud: clientId });
    });

    it('openid-client signs its request', async () => {
      for (const clientId of ['must-sign', 'signer-ES256']) {
        const party = await RelyingParty.discover(issuer(), clientId, signed());
        const build = (config: openid.Configuration, parameters: Record<string, string>) =>
          openid.buildAuthorizationUrlWithJAR(config, parameters, keyOf('ES256'));
        const { claims } = await party.signIn({}, party.newAgent(), build);
        expect(claims).toMatchObject({ aud: clientId });
      }
    });

    it('openid-client pushes a signed request', async () => {
      const party = await RelyingParty.discover(issuer(), 'must-sign', signed());
      const build = async (config: openid.Configuration, parameters: Record<string, string>) => {
        const { searchParams } = await openid.buildAuthorizationUrlWithJAR(config, parameters, keyOf('ES256'));
        return openid.buildAuthorizationUrlWithPAR(config, searchParams);
      };
      expect((await party.signIn({}, party.newAgent(), build)).claims).toMatchObject({ aud: 'must-sign' });
    });

    it('oauth4webapi pushes a signed request', async () => {
      const found = await oauth.discoveryRequest(new URL(issuer()), insecure);
      const as = await oauth.processDiscoveryResponse(new URL(issuer()), found);
      const client = { client_id: 'signer-ES256' };
      const { key, kid } = keyOf('ES256');
      const authentication = oauth.PrivateKeyJwt({ key, kid });
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const parameters = {
        redirect_uri: callback,
        response_type: 'code',
        scope: 'openid',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      const request = await oauth.issueRequestObject(as, client, parameters, { key, kid });
      const par = await oauth.pushedAuthorizationRequest(as, client, authentication, { request }, insecure);
      const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, par);
      const url = new URL(as.authorization_endpoint ?? '');
      url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
      const response = await new UserAgent(plane.issuer).authorize(url, alice);
      const checked = oauth.validateAuthResponse(as, client, response, state);
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        authentication,
        checked,
        callback,
        verifier,
        insecure,
      );
      const result = await oauth.processAuthorizationCodeResponse(as, client, answer, { requireIdToken: true });
      expect(oauth.getValidatedIdTokenClaims(result)).toMatchObject({ iss: issuer(), aud: client.client_id });
    });
  });

  describe('a pushed request', () => {
    const issuer = () => issuerOf(plane.issuer, 'default');
    const begin = async () => {
      const party = await RelyingParty.discover(issuer(), 'pusher', signed());
      const { url, redeem } = await party.begin({}, openid.buildAuthorizationUrlWithPAR);
      return { party, url, redeem };
    };

    // fapi2-…-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds, …-par-attempt-reuse-request_uri
    it('may be opened again until it has given a code, and never after', async () => {
      const { party, url, redeem } = await begin();
      const agent = party.newAgent();
      await agent.open(url);
      const other = party.newAgent();
      const waiting = await other.open(url);
      await redeem(await agent.authorize(url, alice));
      const again = await party.newAgent().open(url);
      expect(again).toMatchObject({ status: 400, left: undefined });
      // The page that somebody had open the while.
      const late = await other.submit(waiting, { ...alice });
      expect(late.left?.searchParams.get('error')).toBe('invalid_request_uri');
      expect(late.left?.searchParams.get('code')).toBeNull();
    });

    // fapi2-…-par-attempt-to-use-request_uri-for-different-client
    it('is of its client alone, and of its tenant', async () => {
      const { url } = await begin();
      const requestUri = url.searchParams.get('request_uri') ?? '';
      const agent = new UserAgent(plane.issuer);
      for (const [slug, client] of [
        ['default', 'maccer'],
        ['globex', 'pusher'],
      ] as const) {
        const query = new URLSearchParams({ client_id: client, request_uri: requestUri });
        const page = await agent.open(`${endpoint(plane.issuer, slug, '/authorize')}?${query.toString()}`);
        expect(page).toMatchObject({ status: 400, left: undefined });
      }
    });

    it('is what a client must use that registered so', async () => {
      const party = await RelyingParty.discover(issuer(), 'pusher', signed());
      const { url } = await party.begin();
      const { left } = await party.newAgent().open(url);
      expect(left?.searchParams.get('error')).toBe('invalid_request');
    });

    it('says alone what is asked for', async () => {
      const { party, url, redeem } = await begin();
      url.searchParams.set('redirect_uri', 'https://evil.example/');
      url.searchParams.set('scope', 'openid');
      url.searchParams.set('state', 'of the attacker');
      const tokens = await redeem(await party.newAgent().authorize(url, alice));
      expect(tokens.scope).toContain('offline_access');
    });

    // RFC 9126 section 2.3
    it('is no request by GET', async () => {
      const { status, headers } = await fetch(`${plane.issuer}/par`);
      expect([status, headers.get('Allow')]).toEqual([405, 'OPTIONS, POST']);
    });
  });

  describe('a signed request', () => {
    const build = (party: RelyingParty, parameters: Record<string, string>) =>
      openid.buildAuthorizationUrlWithJAR(party.config, parameters, keyOf('ES256'));
    const sound = { redirect_uri: callback, scope: 'openid', state: 's' };

    it('is what a client must use that registered so', async () => {
      const party = await RelyingParty.discover(plane.issuer, 'must-sign', signed());
      const { url } = await party.begin();
      const { left } = await party.newAgent().open(url);
      expect(left?.searchParams.get('error')).toBe('invalid_request');
    });

    it('cannot be added to: a code_challenge outside of it does not count', async () => {
      const party = await RelyingParty.discover(plane.issuer, 'must-sign', signed());
      const verifier = 'v'.repeat(43);
      const inside = createHash('sha256').update('w'.repeat(43)).digest('base64url');
      const url = await build(party, { ...sound, code_challenge: inside, code_challenge_method: 'S256' });
      const outside = createHash('sha256').update(verifier).digest('base64url');
      url.searchParams.set('code_challenge', outside);
      url.searchParams.set('redirect_uri', 'https://evil.example/');
      const response = await party.newAgent().authorize(url, alice);
      const redeem = (pkceCodeVerifier: string) =>
        openid.authorizationCodeGrant(party.config, response, { pkceCodeVerifier, expectedState: 's' });
      await expect(redeem(verifier)).rejects.toMatchObject({ error: 'invalid_grant' });
      expect((await redeem('w'.repeat(43))).access_token).toBeDefined();
    });

    it.each([
      ['another redirect_uri', { redirect_uri: 'https://evil.example/' }, undefined],
      ['no redirect_uri', { redirect_uri: '' }, undefined],
    ])('with %s shows a page', async (_what, changes, left) => {
      const party = await RelyingParty.discover(plane.issuer, 'must-sign', signed());
      expect(await party.newAgent().open(await build(party, { ...sound, ...changes }))).toMatchObject({
        status: 400,
        left,
      });
    });

    it("of another client's key is told to the registered redirect_uri, or on a page", async () => {
      const party = await RelyingParty.discover(plane.issuer, 'must-sign', signed());
      const foreign = await newKey('ES256');
      const url = await openid.buildAuthorizationUrlWithJAR(party.config, sound, foreign);
      expect(await party.newAgent().open(url)).toMatchObject({ status: 400, left: undefined });
      url.searchParams.set('redirect_uri', callback);
      url.searchParams.set('state', 'outside');
      const { left } = await party.newAgent().open(url);
      expect(Object.fromEntries(left?.searchParams ?? [])).toMatchObject({
        error: 'invalid_request_object',
        state: 'outside',
        iss: plane.issuer,
      });
    });
  });

  // RFC 9700 section 2.6 names discovery as the way to agree on this.
  it('discovery names what the clients above have used', async () => {
    const { text } = await plainHttp(`${plane.issuer}/.well-known/openid-configuration`);
    expect(JSON.parse(text)).toMatchObject({
      pushed_authorization_request_endpoint: `${plane.issuer}/par`,
      request_parameter_supported: true,
      request_uri_parameter_supported: true,
    });
  });
});
