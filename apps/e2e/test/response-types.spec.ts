import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import {
  alice,
  callback,
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

// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; http on loopback
const insecure = { [oauth.allowInsecureRequests]: true };

const types = ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'] as const;
const modes = ['query', 'fragment', 'form_post'] as const;

/** The response as the client gets it, out of whichever place; undefined where it is none. */
const parametersOf = (shown: Shown): { place: (typeof modes)[number]; parameters: URLSearchParams } | undefined => {
  const { left } = shown;
  if (left) {
    expect(left.href.split(/[?#]/)[0]).toBe(callback);
    return left.hash === ''
      ? { place: 'query', parameters: left.searchParams }
      : { place: 'fragment', parameters: new URLSearchParams(left.hash.slice(1)) };
  }
  return shown.action === callback
    ? { place: 'form_post', parameters: new URLSearchParams({ ...shown.fields }) }
    : undefined;
};

/** OpenID Connect Core section 3.1.3.6, for RS256. */
const leftHalf = (value: string) =>
  createHash('sha256').update(value, 'ascii').digest().subarray(0, 16).toString('base64url');

const claimsOf = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form, configuration: twinTenants() });
  }, 180_000);
  afterAll(() => plane.stop());

  describe.each(tenants)('tenant %s', (slug) => {
    const issuer = () => issuerOf(plane.issuer, slug);
    const hybrid = () => new RawClient(plane.issuer, slug, 'hybrid', secrets.hybrid);
    const party = () => RelyingParty.discover(issuer(), 'hybrid', openid.ClientSecretBasic(secrets.hybrid));

    it.each(types.flatMap((type) => modes.map((mode) => [type, mode] as const)))(
      'response_type=%s, response_mode=%s: what was asked for, there and nowhere else',
      async (type, mode) => {
        const client = hybrid();
        const { agent } = await client.signIn();
        const url = client.authorizationUrl({
          response_type: type,
          response_mode: mode,
          nonce: 'n',
          scope: 'openid email',
        });
        const answer = parametersOf(await agent.open(url));
        const tokens = /token/.test(type);
        const refused = mode === 'query' && tokens;
        expect(answer?.place).toBe(refused ? 'fragment' : mode);
        const parameters = Object.fromEntries(answer?.parameters ?? []);
        expect(parameters).toMatchObject({ state: 'a state', iss: issuer() });
        if (refused) {
          expect(parameters).toMatchObject({ error: 'invalid_request' });
          return;
        }
        const words = type.split(' ');
        expect(Object.keys(parameters).sort()).toEqual(
          [
            'iss',
            'session_state',
            'state',
            ...(words.includes('code') ? ['code'] : []),
            ...(words.includes('id_token') ? ['id_token'] : []),
            ...(words.includes('token') ? ['access_token', 'token_type', 'expires_in', 'scope'] : []),
          ].sort(),
        );
        const { code, access_token: access, id_token: id } = parameters;
        if (id !== undefined) {
          const hash = (value: string | undefined) => (value === undefined ? undefined : leftHalf(value));
          const { at_hash, c_hash, s_hash, nonce, email } = claimsOf(id);
          expect({ at_hash, c_hash, s_hash, nonce }).toEqual({
            at_hash: hash(access),
            c_hash: hash(code),
            s_hash: hash('a state'),
            nonce: 'n',
          });
          // OpenID Connect Core section 5.4
          expect(email).toBe(type === 'id_token' ? `alice@${slug}.example` : undefined);
        }
        if (access !== undefined) {
          expect((await client.userinfo(access)).body).toMatchObject({ email: `alice@${slug}.example` });
          const as = await oauth.processDiscoveryResponse(
            new URL(issuer()),
            await oauth.discoveryRequest(new URL(issuer()), insecure),
          );
          const request = new Request(callback, { headers: { Authorization: `Bearer ${access}` } });
          expect(await oauth.validateJwtAccessToken(as, request, issuer(), insecure)).toMatchObject({
            client_id: 'hybrid',
            scope: 'openid email',
          });
        }
      },
    );

    it.each(['fragment', 'form_post'] as const)(
      'openid-client: code id_token by %s, detached signature checks included, and its code',
      async (mode) => {
        const { config, newAgent } = await party().then((each) => ({
          config: each.config,
          newAgent: each.newAgent.bind(each),
        }));
        openid.useCodeIdTokenResponseType(config);
        openid.enableDetachedSignatureResponseChecks(config);
        const verifier = openid.randomPKCECodeVerifier();
        const [state, nonce] = [openid.randomState(), openid.randomNonce()];
        const url = openid.buildAuthorizationUrl(config, {
          redirect_uri: callback,
          scope: 'openid email offline_access',
          response_mode: mode,
          state,
          nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        const shown = await newAgent().answer(url, alice);
        const tokens = await openid.authorizationCodeGrant(config, responseOf(shown), {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        expect(tokens.claims()?.['at_hash']).toBe(leftHalf(tokens.access_token));
        expect((await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token).toBeTruthy();
      },
    );

    it.each(['fragment', 'form_post'] as const)('openid-client: id_token by %s', async (mode) => {
      const { config, ...rest } = await RelyingParty.discover(issuer(), 'implicit', openid.None()).then((each) => ({
        config: each.config,
        agent: each.newAgent(),
      }));
      openid.useIdTokenResponseType(config);
      const [state, nonce] = [openid.randomState(), openid.randomNonce()];
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid email',
        response_mode: mode,
        state,
        nonce,
      });
      const shown = await rest.agent.answer(url, alice);
      const claims = await openid.implicitAuthentication(config, responseOf(shown), nonce, { expectedState: state });
      expect(claims).toMatchObject({ iss: issuer(), aud: 'implicit', email: `alice@${slug}.example` });
    });

    it('oauth4webapi: code id_token', async () => {
      const found = await oauth.discoveryRequest(new URL(issuer()), insecure);
      const as = await oauth.processDiscoveryResponse(new URL(issuer()), found);
      const client = { client_id: 'hybrid' };
      const verifier = oauth.generateRandomCodeVerifier();
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const url = new URL(as.authorization_endpoint ?? '');
      url.search = new URLSearchParams({
        client_id: 'hybrid',
        redirect_uri: callback,
        response_type: 'code id_token',
        scope: 'openid',
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).toString();
      const response = (await (await party()).newAgent().answer(url, alice)).left ?? url;
      const parameters = await oauth.validateDetachedSignatureResponse(
        as,
        client,
        response,
        nonce,
        state,
        undefined,
        insecure,
      );
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        oauth.ClientSecretBasic(secrets.hybrid),
        parameters,
        callback,
        verifier,
        insecure,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(
        claimsOf(new URLSearchParams(response.hash.slice(1)).get('id_token') ?? '')['sub'],
      );
    });

    it('an access token of the front channel ends with its session', async () => {
      const client = hybrid();
      const { agent } = await client.signIn();
      const { left } = await agent.open(client.authorizationUrl({ response_type: 'id_token token', nonce: 'n' }));
      const access = new URLSearchParams(left?.hash.slice(1)).get('access_token') ?? '';
      expect((await client.introspect(access)).body).toMatchObject({ active: true, scope: 'openid profile email' });
      await agent.submit(await agent.open(client.at('/logout')), { decision: 'allow' });
      let active: unknown = true;
      for (let tries = 0; active === true && tries < 50; tries += 1)
        active = (await client.introspect(access)).body['active'];
      expect(active).toBe(false);
    });

    it('a client that did not register it gets no response of that type (implicit for a code client)', async () => {
      const client = new RawClient(plane.issuer, slug, 'demo', secrets.demo);
      const { agent } = await client.signIn();
      const { left } = await agent.open(client.authorizationUrl({ response_type: 'id_token token', nonce: 'n' }));
      expect(left?.search).toBe('');
      expect(new URLSearchParams(left?.hash.slice(1)).get('error')).toBe('unauthorized_client');
    });
  });
});

/** As the client's callback is asked for: a GET's URL, or the POST that the page makes. */
function responseOf({ left, action, fields }: Shown): URL | Request {
  if (left) return left;
  if (action === undefined) throw new Error('neither sent on nor given a form');
  return new Request(action, { method: 'POST', body: new URLSearchParams({ ...fields }) });
}
