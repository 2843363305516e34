import { expect } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { person } from '../provider.js';
import { issuesAccessToken, issuesCode, needsNonce, type Module } from './module.js';

/** A response goes to the client with an error, or to nobody: the person sees a page. Never with anything issued. */
const refusals = ['invalid_request', 'unsupported_response_type'];

export const flows = {
  'oidcc-server': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const signedIn = await party.signIn();
      expect(signedIn.claims.sub).toEqual(expect.any(String));
      if (signedIn.accessToken === undefined) return;
      const told = await party.userinfo(signedIn.accessToken, signedIn.claims.sub ?? '');
      expect(told.sub).toBe(signedIn.claims.sub);
    },
  },

  'oidcc-response-type-missing': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { url, state } = await party.ask({ response_type: undefined, response_mode: undefined });
      const agent = provider.newAgent();
      const shown = agent.follow(await agent.open(url));
      expect(shown.left?.origin).toBe(new URL(party.redirectUri).origin);
      const answer = new URLSearchParams(shown.left?.search);
      expect(refusals).toContain(answer.get('error'));
      expect(answer.get('state')).toBe(state);
      expect(answer.get('code')).toBeNull();
    },
  },

  'oidcc-idtoken-signature': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { idToken } = await party.signIn();
      expect(decodeProtectedHeader(idToken)).toMatchObject({ alg: 'RS256', kid: expect.any(String) as unknown });
      await party.verifyIdToken(idToken);
      const [head = '', claims = '', signature = ''] = idToken.split('.');
      const changed = `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
      await expect(party.verifyIdToken(changed)).rejects.toThrow();
    },
  },

  'oidcc-idtoken-unsigned': {
    appliesTo: ({ responseType }) => responseType === 'code',
    run: async (provider, variant) => {
      const party = await provider.register(variant, { id_token_signed_response_alg: 'none' });
      const { idToken, claims } = await party.signIn();
      expect(decodeProtectedHeader(idToken).alg).toBe('none');
      expect(idToken.endsWith('.')).toBe(true);
      expect(claims.sub).toEqual(expect.any(String));
    },
  },

  'oidcc-alternate-happy-flow': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const asked = await party.ask({ scope: 'email openid' });
      const reversed = new URLSearchParams([...asked.url.searchParams].reverse());
      asked.url.search = reversed.toString();
      const signedIn = await party.verify(await party.send(asked, provider.newAgent()));
      expect(await party.claimsOf(signedIn)).toMatchObject({ email: person.claims.email });
    },
  },

  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': {
    appliesTo: (variant) => !needsNonce(variant),
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { claims } = await party.signIn({ nonce: undefined });
      expect(claims['nonce']).toBeUndefined();
    },
  },

  'oidcc-ensure-request-without-nonce-fails': {
    appliesTo: needsNonce,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const asked = await party.ask({ nonce: undefined });
      const answered = party.receive(asked, await provider.newAgent().open(asked.url));
      expect(answered.parameters.get('error')).toBe('invalid_request');
      expect(answered.parameters.get('state')).toBe(asked.state);
      for (const name of ['code', 'id_token', 'access_token']) expect(answered.parameters.get(name)).toBeNull();
    },
  },

  'oidcc-ensure-request-with-unknown-parameter-succeeds': {
    run: async (provider, variant) => {
      await (await provider.register(variant)).signIn({ extra: 'foobar' });
    },
  },

  'oidcc-ensure-request-with-valid-pkce-succeeds': {
    appliesTo: issuesCode,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const asked = await party.ask();
      expect(asked.url.searchParams.get('code_challenge_method')).toBe('S256');
      await party.verify(await party.send(asked, provider.newAgent()));
    },
  },

  'oidcc-ensure-post-request-succeeds': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const asked = await party.ask();
      const agent = provider.newAgent();
      const { origin, pathname, searchParams } = asked.url;
      const headers = { Origin: new URL(party.redirectUri).origin };
      const page = await agent.open(origin + pathname, { method: 'POST', headers, body: searchParams });
      const shown = await agent.submit(page, { username: person.username, password: person.password });
      const last = shown.html.includes('value="allow"') ? await agent.submit(shown, { decision: 'allow' }) : shown;
      await party.verify(party.receive(asked, last));
    },
  },

  'oidcc-ensure-registered-redirect-uri': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { url } = await party.ask({ redirect_uri: `${party.redirectUri}/somewhere-else` });
      const shown = await provider.newAgent().open(url);
      expect(shown.left).toBeUndefined();
      expect(shown.status).toBe(400);
      expect(shown.html).not.toContain('somewhere-else"');
    },
  },

  'oidcc-userinfo-get': {
    appliesTo: issuesAccessToken,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { accessToken = '', claims } = await party.signIn();
      const headers = { Authorization: `Bearer ${accessToken}` };
      const answer = await provider.fetch(party.config.serverMetadata().userinfo_endpoint ?? '', { headers });
      expect(await answer.json()).toMatchObject({ sub: claims.sub });
    },
  },

  'oidcc-userinfo-post-header': {
    appliesTo: issuesAccessToken,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { accessToken = '', claims } = await party.signIn();
      const answer = await provider.fetch(party.config.serverMetadata().userinfo_endpoint ?? '', {
        method: 'POST',
        headers: { Authorization: `Bearer ${accessToken}` },
      });
      expect(await answer.json()).toMatchObject({ sub: claims.sub });
    },
  },

  'oidcc-userinfo-post-body': {
    appliesTo: issuesAccessToken,
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { accessToken = '', claims } = await party.signIn();
      const answer = await provider.fetch(party.config.serverMetadata().userinfo_endpoint ?? '', {
        method: 'POST',
        body: new URLSearchParams({ access_token: accessToken }),
      });
      expect(await answer.json()).toMatchObject({ sub: claims.sub });
    },
  },
} as const satisfies Record<string, Module>;
