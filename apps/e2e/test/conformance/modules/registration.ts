import { expect } from '@jest/globals';
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type JSONWebKeySet,
} from 'jose';
import * as openid from 'openid-client';
import { until } from '../../../src/index.js';
import type { Metadata, RegisteredParty } from '../party.js';
import type { Provider } from '../provider.js';
import type { Variant } from '../profiles.js';
import type { Module } from './module.js';

/** The smallest PNG: one transparent pixel. */
const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let made = 0;
const unique = (path: string): string => `/${(made += 1)}-${path}`;

async function refusesRegistration(provider: Provider, metadata: Metadata, error: string): Promise<void> {
  const answer = await provider.registration(metadata);
  expect(answer.status).toBe(400);
  expect(answer.headers.get('Content-Type')).toContain('application/json');
  expect(await answer.json()).toMatchObject({ error });
}

/** The consent page of a client that asks for the first time. */
async function consentPage(provider: Provider, party: RegisteredParty) {
  const agent = provider.newAgent();
  const page = await agent.open((await party.ask()).url);
  return { agent, shown: await agent.submit(page, { username: 'alice', password: 'wonderland-1' }) };
}

/** A client whose keys stand at a URL of its own, and can be replaced there. */
async function keyedClient(provider: Provider, variant: Variant) {
  const path = unique('jwks.json');
  const next = async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${(made += 1)}`;
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
    return { uri: provider.site.publishJson(path, { keys: [jwk] }), key: { key: privateKey, kid } };
  };
  const first = await next();
  const metadata = {
    jwks_uri: first.uri,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
  };
  const party = await provider.register(variant, metadata);
  return { party, path, first: first.key, rotate: async () => (await next()).key };
}

/** The party, as it authenticates with a key of its own. */
function authenticating(party: RegisteredParty, key: openid.PrivateKey, modify?: (payload: Metadata) => void) {
  const options = modify && {
    [openid.modifyAssertion]: (_: unknown, payload: Record<string, unknown>) => {
      modify(payload);
    },
  };
  const config = new openid.Configuration(
    party.config.serverMetadata(),
    party.clientId,
    party.config.clientMetadata(),
    openid.PrivateKeyJwt(key, options),
  );
  config[openid.customFetch] = (url, request) => party.provider.fetch(url, request as RequestInit);
  return party.withConfiguration(config);
}

const shows = (member: 'policy_uri' | 'tos_uri'): Module => ({
  run: async (provider, variant) => {
    const url = `${provider.site.origin}/${member}`;
    const party = await provider.register(variant, { [member]: url });
    const { shown } = await consentPage(provider, party);
    expect(shown.html).toContain(`href="${url}"`);
  },
});

const redirectUri = (provider: Provider): string => `${provider.site.origin}/callback`;

export const registration = {
  'oidcc-idtoken-rs256': {
    run: async (provider, variant) => {
      const party = await provider.register(variant, { id_token_signed_response_alg: 'RS256' });
      expect(decodeProtectedHeader((await party.signIn()).idToken).alg).toBe('RS256');
    },
  },

  'oidcc-userinfo-rs256': {
    run: async (provider, variant) => {
      const party = await provider.register(variant, { userinfo_signed_response_alg: 'RS256' });
      const { accessToken = '', claims } = await party.signIn();
      const answer = await provider.fetch(party.config.serverMetadata().userinfo_endpoint ?? '', {
        headers: { Authorization: `Bearer ${accessToken}` },
      });
      expect(answer.headers.get('Content-Type')).toMatch(/^application\/jwt/);
      const keys = (await (await provider.fetch(`${provider.issuer}/jwks`)).json()) as JSONWebKeySet;
      const options = { issuer: provider.issuer, audience: party.clientId, algorithms: ['RS256'] };
      const { payload } = await jwtVerify(await answer.text(), createLocalJWKSet(keys), options);
      expect(payload.sub).toBe(claims.sub);
      expect((await party.userinfo(accessToken, claims.sub ?? '')).sub).toBe(claims.sub);
    },
  },

  'oidcc-ensure-redirect-uri-in-authorization-request': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { url } = await party.ask({ redirect_uri: undefined });
      const shown = await provider.newAgent().open(url);
      expect(shown.left).toBeUndefined();
      expect(shown.status).toBe(400);
    },
  },

  'oidcc-redirect-uri-query-OK': {
    run: async (provider, variant) => {
      const party = await provider.register(variant, { redirect_uris: [`${redirectUri(provider)}?foo=bar`] });
      const answered = await party.send(await party.ask(), provider.newAgent());
      expect(answered.parameters.get('foo')).toBe('bar');
      expect((await party.verifyIdToken(await party.redeemPlainly(answered)))['nonce']).toBe(answered.asked.nonce);
    },
  },

  'oidcc-redirect-uri-query-mismatch': {
    run: async (provider, variant) => {
      const party = await provider.register(variant, { redirect_uris: [`${redirectUri(provider)}?foo=bar`] });
      const { url } = await party.ask({ redirect_uri: `${redirectUri(provider)}?foo=baz` });
      expect(await provider.newAgent().open(url)).toMatchObject({ status: 400, left: undefined });
    },
  },

  'oidcc-redirect-uri-query-added': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { url } = await party.ask({ redirect_uri: `${party.redirectUri}?foo=bar` });
      expect(await provider.newAgent().open(url)).toMatchObject({ status: 400, left: undefined });
    },
  },

  'oidcc-redirect-uri-regfrag': {
    run: async (provider) => {
      const metadata = { redirect_uris: [`${redirectUri(provider)}#foobar`] };
      await refusesRegistration(provider, metadata, 'invalid_redirect_uri');
    },
  },

  'oidcc-registration-logo-uri': {
    run: async (provider, variant) => {
      const path = unique('logo.png');
      const party = await provider.register(variant, { logo_uri: provider.site.publish(path, 'image/png', logo) });
      const { agent } = await consentPage(provider, party);
      // It is fetched beside the requests of people, and shown once it is there.
      const source = await until('the logo to be shown', async () => {
        const { html } = await agent.open((await party.ask()).url);
        return /<img[^>]* src="([^"]+)"/.exec(html)?.[1];
      });
      // Ours: the page's policy lets no other origin's image in, and the person's browser tells the client nothing.
      expect(new URL(source, provider.issuer).origin).toBe(provider.issuer);
      const image = await agent.send(source);
      expect(image.headers.get('Content-Type')).toBe('image/png');
      expect(Buffer.from(await image.arrayBuffer()).equals(logo)).toBe(true);
      expect(provider.site.asked.filter((asked) => asked === path)).toHaveLength(1);
    },
  },

  'oidcc-registration-policy-uri': shows('policy_uri'),
  'oidcc-registration-tos-uri': shows('tos_uri'),

  'oidcc-registration-jwks-uri': {
    run: async (provider, variant) => {
      const { party, first } = await keyedClient(provider, variant);
      await authenticating(party, first).signIn();
    },
  },

  'oidcc-registration-sector-uri': {
    run: async (provider, variant) => {
      const callback = redirectUri(provider);
      const elsewhere = 'https://other.example/callback';
      const path = unique('sector.json');
      const metadata = {
        redirect_uris: [callback, elsewhere],
        subject_type: 'pairwise',
        sector_identifier_uri: provider.site.publishJson(path, [callback, elsewhere]),
      };
      const one = await (await provider.register(variant, metadata)).signIn();
      const two = await (await provider.register(variant, metadata)).signIn();
      const open = await (await provider.register(variant)).signIn();
      expect(two.claims.sub).toBe(one.claims.sub);
      expect(open.claims.sub).not.toBe(one.claims.sub);
    },
  },

  'oidcc-registration-sector-bad': {
    run: async (provider) => {
      const metadata = {
        redirect_uris: [redirectUri(provider)],
        sector_identifier_uri: provider.site.publishJson(unique('sector.json'), ['https://other.example/callback']),
      };
      await refusesRegistration(provider, metadata, 'invalid_client_metadata');
    },
  },

  'oidcc-server-rotate-keys': {
    run: async (provider, variant) => {
      const kids = async () => {
        const { keys } = (await (await provider.fetch(`${provider.issuer}/jwks`)).json()) as JSONWebKeySet;
        for (const key of keys) for (const secret of ['d', 'p', 'q', 'k']) expect(key).not.toHaveProperty(secret);
        return keys.filter(({ use }) => use === 'sig').map(({ kid = '' }) => kid);
      };
      const before = await kids();
      const party = await provider.register(variant);
      const old = await party.signIn();
      await provider.plane.signet('keys', 'rotate', '--now');
      const after = await kids();
      expect(after).toEqual(expect.arrayContaining(before));
      expect(after.length).toBeGreaterThan(before.length);
      await party.verifyIdToken(old.idToken);
      // Another one, whose library has not read the keys before.
      await (await provider.register(variant)).signIn();
    },
  },

  'oidcc-refresh-token-rp-key-rotation': {
    run: async (provider, variant) => {
      const { party, first, rotate } = await keyedClient(provider, variant);
      const asked = { scope: 'openid offline_access', prompt: 'consent' };
      const { refreshToken = '', claims } = await authenticating(party, first).signIn(asked);
      const next = await rotate();
      const { config } = authenticating(party, next);
      const refreshed = await openid.refreshTokenGrant(config, refreshToken);
      expect(refreshed.claims()?.sub).toBe(claims.sub);
    },
  },

  'oidcc-ensure-client-assertion-with-iss-aud-succeeds': {
    run: async (provider, variant) => {
      const { party, first } = await keyedClient(provider, variant);
      const aimed = authenticating(party, first, (payload) => {
        Object.assign(payload, { aud: provider.issuer });
      });
      await aimed.signIn();
    },
  },

  'oidcc-3rd_party-init-login': {
    run: async (provider, variant) => {
      const initiate = `${provider.site.origin}/initiate?from=signet`;
      const party = await provider.register(variant, { initiate_login_uri: initiate });
      const target = `${provider.site.origin}/orders`;
      const query = new URLSearchParams({ client_id: party.clientId, target_link_uri: target });
      const agent = provider.newAgent();
      const { left } = agent.follow(await agent.open(`${provider.issuer}/initiate?${query.toString()}`));
      expect(`${String(left?.origin)}${String(left?.pathname)}`).toBe(`${provider.site.origin}/initiate`);
      expect(Object.fromEntries(left?.searchParams ?? [])).toEqual({
        from: 'signet',
        iss: provider.issuer,
        target_link_uri: target,
      });
      await party.signIn();
    },
  },

  'oidcc-3rd_party-init-login-nohttps': {
    run: async (provider) => {
      const metadata = { redirect_uris: [redirectUri(provider)], initiate_login_uri: 'http://client.example/initiate' };
      await refusesRegistration(provider, metadata, 'invalid_client_metadata');
    },
  },
} as const satisfies Record<string, Module>;
