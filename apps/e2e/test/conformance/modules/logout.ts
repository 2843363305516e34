import { expect } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import type { Shown, UserAgent } from '../../../src/index.js';
import type { Parameters, RegisteredParty, SignedIn } from '../party.js';
import type { Provider } from '../provider.js';
import type { Variant } from '../profiles.js';
import type { Module } from './module.js';

/** Somebody who has signed in to a client, about to sign out there. */
interface Leaving {
  readonly party: RegisteredParty;
  readonly agent: UserAgent;
  readonly signedIn: SignedIn;
  readonly afterLogout: string;
  readonly logout: (query?: Parameters) => Promise<Shown>;
  /** Whether the provider still knows them. */
  readonly isSignedIn: () => Promise<boolean>;
}

async function signedIn(provider: Provider, variant: Variant): Promise<Leaving> {
  const afterLogout = 'https://localhost/post_logout_redirect';
  const party = await provider.register(variant, { post_logout_redirect_uris: [afterLogout] });
  const agent = provider.newAgent();
  return {
    party,
    agent,
    signedIn: await party.signIn({}, agent),
    afterLogout,
    logout: (query = {}) => agent.open(party.endSession(query)),
    isSignedIn: async () => {
      const asked = await party.ask({ prompt: 'none' });
      const { parameters } = party.receive(asked, await agent.open(asked.url));
      return parameters.get('error') !== 'login_required';
    },
  };
}

/** Asked whether they mean it, a person stays who does not say so, and is signed out and goes nowhere when they do. */
async function expectQuestion({ agent, isSignedIn }: Leaving, question: Shown): Promise<void> {
  expect([question.status, question.left]).toEqual([200, undefined]);
  expect(question.html).toContain('value="allow"');
  expect(await isSignedIn()).toBe(true);
  const done = await agent.submit(question, { decision: 'allow' });
  expect([done.status, done.left]).toEqual([200, undefined]);
  expect(done.title).toContain('You are signed out');
  expect(await isSignedIn()).toBe(false);
}

/** A page says that it is wrong; nothing is ended, and nobody goes anywhere. */
async function expectRefusal({ isSignedIn }: Leaving, page: Shown): Promise<void> {
  expect([page.status, page.left]).toEqual([400, undefined]);
  expect(await isSignedIn()).toBe(true);
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

// OpenID Connect RP-Initiated Logout 1.0
export const logout = {
  'oidcc-rp-initiated-logout-discovery-endpoint-verification': {
    run: async (provider) => {
      expect((await provider.discovered())['end_session_endpoint']).toMatch(/^https:\/\//);
    },
  },

  'oidcc-rp-initiated-logout': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const { idToken } = leaving.signedIn;
      const query = { id_token_hint: idToken, post_logout_redirect_uri: leaving.afterLogout, state: 'a state' };
      expect((await leaving.logout(query)).left?.href).toBe(`${leaving.afterLogout}?state=a+state`);
      expect(await leaving.isSignedIn()).toBe(false);
    },
  },

  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const { idToken } = leaving.signedIn;
      const query = { id_token_hint: idToken, post_logout_redirect_uri: 'https://localhost/other', state: 's' };
      await expectRefusal(leaving, await leaving.logout(query));
    },
  },

  // Its claims changed, under the signature that it had.
  'oidcc-rp-initiated-logout-modified-id-token-hint': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const { idToken, claims } = leaving.signedIn;
      const [header, , signature] = idToken.split('.');
      const id_token_hint = [header, encoded({ ...claims, sub: `${String(claims.sub)}1` }), signature].join('.');
      const query = { id_token_hint, post_logout_redirect_uri: leaving.afterLogout, state: 's' };
      await expectQuestion(leaving, await leaving.logout(query));
    },
  },

  'oidcc-rp-initiated-logout-no-id-token-hint': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const query = { post_logout_redirect_uri: leaving.afterLogout, state: 's' };
      await expectQuestion(leaving, await leaving.logout(query));
    },
  },

  'oidcc-rp-initiated-logout-no-params': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      await expectQuestion(leaving, await leaving.logout());
    },
  },

  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const page = await leaving.logout({ id_token_hint: leaving.signedIn.idToken, state: 's' });
      expect([page.status, page.left]).toEqual([200, undefined]);
      expect(page.title).toContain('You are signed out');
      expect(await leaving.isSignedIn()).toBe(false);
    },
  },

  'oidcc-rp-initiated-logout-no-state': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const query = { id_token_hint: leaving.signedIn.idToken, post_logout_redirect_uri: leaving.afterLogout };
      expect((await leaving.logout(query)).left?.href).toBe(leaving.afterLogout);
      expect(await leaving.isSignedIn()).toBe(false);
    },
  },

  'oidcc-rp-initiated-logout-only-state': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      await expectQuestion(leaving, await leaving.logout({ state: 's' }));
    },
  },

  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const added = `${leaving.afterLogout}?extra=1`;
      const query = { id_token_hint: leaving.signedIn.idToken, post_logout_redirect_uri: added, state: 's' };
      await expectRefusal(leaving, await leaving.logout(query));
    },
  },

  // The same claims, signed by nobody.
  'oidcc-rp-initiated-logout-bad-id-token-hint': {
    run: async (provider, variant) => {
      const leaving = await signedIn(provider, variant);
      const { idToken, claims } = leaving.signedIn;
      const id_token_hint = `${encoded({ ...decodeProtectedHeader(idToken), alg: 'none' })}.${encoded(claims)}.`;
      const query = { id_token_hint, post_logout_redirect_uri: leaving.afterLogout, state: 's' };
      await expectQuestion(leaving, await leaving.logout(query));
    },
  },
} as const satisfies Record<string, Module>;
