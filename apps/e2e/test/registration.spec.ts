import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import {
  alice,
  callback,
  endpoint,
  forms,
  issuerOf,
  Plane,
  RelyingParty,
  tenants,
  twinTenants,
  until,
  UserAgent,
} from '../src/index.js';

// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; http on loopback
const insecure = { [oauth.allowInsecureRequests]: true };
// eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
const options = { execute: [openid.allowInsecureRequests] };

const metadata = {
  client_name: 'Registered',
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token'],
  initiate_login_uri: 'https://shop.example/login',
};

interface Registration {
  client_id: string;
  client_secret: string;
  registration_access_token: string;
  registration_client_uri: string;
}

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form, configuration: twinTenants() });
  }, 90_000);
  afterAll(() => plane.stop());

  describe.each(tenants)('tenant %s', (slug) => {
    const issuer = () => issuerOf(plane.issuer, slug);
    const register = async (changed: object = {}) => {
      const config = await openid.dynamicClientRegistration(
        new URL(issuer()),
        { ...metadata, ...changed },
        undefined,
        options,
      );
      return { config, client: config.clientMetadata() as unknown as Registration };
    };
    const manage = (
      method: string,
      { registration_client_uri: uri, registration_access_token: token }: Registration,
      body?: object,
    ) =>
      fetch(uri, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });

    it('openid-client registers (oidcc-registration), signs in as what it registered, and manages it until it is gone', async () => {
      const { client } = await register();
      const party = await RelyingParty.discover(
        issuer(),
        client.client_id,
        openid.ClientSecretBasic(client.client_secret),
      );
      const { tokens, claims, refreshToken } = await party.signIn();
      expect(claims).toMatchObject({ iss: issuer(), aud: client.client_id });

      const shown = await manage('GET', client);
      expect(shown.status).toBe(200);
      expect(await shown.json()).toMatchObject({ ...metadata, client_id: client.client_id });

      const { client_id, client_secret } = client;
      const changed = { ...metadata, client_id, client_secret, client_name: 'Renamed' };
      expect((await manage('PUT', client, changed)).status).toBe(200);
      expect(await (await manage('GET', client)).json()).toMatchObject({ client_name: 'Renamed' });
      // 503 from a replica that does not know yet how the client has changed.
      const refreshed = await until('a refresh', () => openid.refreshTokenGrant(party.config, refreshToken));

      const foreign = { ...client, registration_client_uri: client.registration_client_uri.replace(client_id, 'demo') };
      expect((await manage('DELETE', foreign)).status).toBe(401);
      expect((await manage('DELETE', client)).status).toBe(204);
      const userinfo = () =>
        openid.fetchUserInfo(party.config, tokens.access_token, claims.sub).then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(await until('the access token to be dead', userinfo)).toMatchObject({
        cause: expect.arrayContaining([
          expect.objectContaining({ parameters: expect.objectContaining({ error: 'invalid_token' }) }),
        ]),
      });
      const refusal = () =>
        openid.refreshTokenGrant(party.config, refreshed.refresh_token ?? '').then(
          () => undefined,
          (error: unknown) => (error as { status?: number }).status,
        );
      // 400 from a replica that knows of the floor, and has the copy of the client still.
      await until('the client to be unknown', async () => (await refusal()) === 401 || undefined);
      expect((await manage('GET', client)).status).toBe(401);
    });

    it('is shown by its name in the language of the page', async () => {
      const { client } = await register({ 'client_name#fr': 'Boutique inscrite' });
      const secret = openid.ClientSecretBasic(client.client_secret);
      const party = await RelyingParty.discover(issuer(), client.client_id, secret);
      const signIn = (language: string) =>
        party.begin({ ui_locales: language }).then(({ url }) => party.newAgent().open(url));
      expect((await signIn('fr-BE')).html).toContain('Boutique inscrite');
      expect((await signIn('de')).html).toContain(metadata.client_name);
      const { agent } = await party.signIn();
      const logout = `${endpoint(plane.issuer, slug, '/logout')}?client_id=${client.client_id}`;
      const signOut = await agent.open(logout, { headers: { 'Accept-Language': 'fr-BE' } });
      expect(signOut.html).toContain('Boutique inscrite');
    });

    it('oauth4webapi registers a public client', async () => {
      const url = new URL(issuer());
      const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure));
      expect(as.registration_endpoint).toBe(endpoint(plane.issuer, slug, '/register'));
      const asked = { redirect_uris: [callback], token_endpoint_auth_method: 'none' };
      const response = await oauth.dynamicClientRegistrationRequest(as, asked, insecure);
      const client = await oauth.processDynamicClientRegistrationResponse(response);
      expect(client).toMatchObject({ ...asked, response_types: ['code'] });
      expect(client).not.toHaveProperty('client_secret');
    });

    it('a login begun by a third party goes to what was registered (oidcc-3rd_party-init-login)', async () => {
      const { client } = await register();
      const at = (query: string) =>
        fetch(`${endpoint(plane.issuer, slug, '/initiate')}?${query}`, { redirect: 'manual' });
      const target = 'https://shop.example/cart?a=b';
      const going = await at(
        new URLSearchParams({
          client_id: client.client_id,
          target_link_uri: target,
          login_hint: alice.username,
        }).toString(),
      );
      // Anybody may have registered it, so the person takes the way or does not.
      expect([going.status, going.headers.get('location')]).toEqual([200, null]);
      const agent = new UserAgent(plane.issuer);
      const location = agent.follow(await agent.open(going.url)).left ?? new URL('about:blank');
      expect(location.origin + location.pathname).toBe(metadata.initiate_login_uri);
      expect(Object.fromEntries(location.searchParams)).toEqual({
        iss: issuer(),
        login_hint: alice.username,
        target_link_uri: target,
      });
      for (const query of ['client_id=demo', 'client_id=nobody', 'target_link_uri=https://evil.example/', '']) {
        const refused = await at(query);
        expect(refused.status).toBe(400);
        expect(refused.headers.get('location')).toBeNull();
        expect(refused.headers.get('content-type')).toMatch(/^text\/html/);
      }
    });

    it.each<[string, object]>([
      ['invalid_client_metadata', { initiate_login_uri: 'http://shop.example/login' }],
      ['invalid_redirect_uri', { redirect_uris: ['https://shop.example/#fragment'] }],
    ])('refuses with %s (oidcc-3rd_party-init-login-nohttps)', async (error, changed) => {
      await expect(register(changed)).rejects.toMatchObject({ error });
    });
  });
});
