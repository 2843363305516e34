import { expect } from '@jest/globals';
import { until } from '../../../src/index.js';
import { authTimeOf } from '../party.js';
import type { Module } from './module.js';

const asksForPassword = (html: string): boolean => html.includes('type="password"');

export const sessions = {
  'oidcc-prompt-login': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const agent = provider.newAgent();
      const first = await party.signIn({}, agent);
      const asked = await party.ask({ prompt: 'login' });
      expect(asksForPassword((await agent.open(asked.url)).html)).toBe(true);
      const second = await party.verify(await party.send(asked, agent));
      expect(second.claims.sub).toBe(first.claims.sub);
      expect(authTimeOf(second.idToken)).toBeGreaterThanOrEqual(authTimeOf(first.idToken));
    },
  },

  'oidcc-prompt-none-not-logged-in': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const asked = await party.ask({ prompt: 'none' });
      const answered = party.receive(asked, await provider.newAgent().open(asked.url));
      expect(answered.parameters.get('error')).toBe('login_required');
      expect(answered.parameters.get('state')).toBe(asked.state);
    },
  },

  'oidcc-prompt-none-logged-in': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const agent = provider.newAgent();
      const first = await party.signIn({}, agent);
      const asked = await party.ask({ prompt: 'none' });
      const second = await party.verify(party.receive(asked, await agent.open(asked.url)));
      expect(second.claims.sub).toBe(first.claims.sub);
      expect(authTimeOf(second.idToken)).toBe(authTimeOf(first.idToken));
    },
  },

  'oidcc-max-age-1': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const agent = provider.newAgent();
      const first = await party.signIn({}, agent);
      await until('the authentication to be older than a second', async () => {
        const silent = await party.ask({ max_age: '1', prompt: 'none' });
        const { parameters } = party.receive(silent, await agent.open(silent.url));
        return parameters.get('error') === 'login_required' || undefined;
      });
      const asked = await party.ask({ max_age: '1' });
      expect(asksForPassword((await agent.open(asked.url)).html)).toBe(true);
      const second = await party.verify(await party.send(asked, agent));
      expect(second.claims.sub).toBe(first.claims.sub);
      expect(authTimeOf(second.idToken)).toBeGreaterThan(authTimeOf(first.idToken));
    },
  },

  'oidcc-max-age-10000': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const agent = provider.newAgent();
      const first = await party.signIn({}, agent);
      const asked = await party.ask({ max_age: '10000' });
      const second = await party.verify(party.receive(asked, await agent.open(asked.url)));
      expect(second.claims.sub).toBe(first.claims.sub);
      expect(authTimeOf(second.idToken)).toBe(authTimeOf(first.idToken));
    },
  },

  'oidcc-id-token-hint': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const agent = provider.newAgent();
      const first = await party.signIn({}, agent);
      const asked = await party.ask({ prompt: 'none', id_token_hint: first.idToken });
      const second = await party.verify(party.receive(asked, await agent.open(asked.url)));
      expect(second.claims.sub).toBe(first.claims.sub);
      const stranger = await party.ask({ prompt: 'none', id_token_hint: first.idToken });
      const refused = party.receive(stranger, await provider.newAgent().open(stranger.url));
      expect(refused.parameters.get('error')).toBe('login_required');
    },
  },
} as const satisfies Record<string, Module>;
