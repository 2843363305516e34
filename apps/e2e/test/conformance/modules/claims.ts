import { expect } from '@jest/globals';
import type { Provider } from '../provider.js';
import { person } from '../provider.js';
import type { Variant } from '../profiles.js';
import type { Module } from './module.js';

const { name, email, email_verified, address, phone_number, phone_number_verified, ...profile } = person.claims;
const byScope = {
  profile: { ...profile, name, preferred_username: person.username },
  email: { email, email_verified },
  address: { address },
  phone: { phone_number, phone_number_verified },
};
type Scope = keyof typeof byScope;

const scopes = (...asked: Scope[]): Module => ({
  run: async (provider, variant) => {
    const party = await provider.register(variant);
    const told = await party.claimsOf(await party.signIn({ scope: ['openid', ...asked].join(' ') }));
    for (const scope of Object.keys(byScope) as Scope[]) {
      if (asked.includes(scope)) expect(told).toMatchObject(byScope[scope]);
      else for (const claim of Object.keys(byScope[scope])) expect(told).not.toHaveProperty(claim);
    }
  },
});

const succeedsWith = (parameters: Readonly<Record<string, string>>): Module => ({
  run: async (provider: Provider, variant: Variant) => {
    await (await provider.register(variant)).signIn(parameters);
  },
});

export const claims = {
  'oidcc-scope-profile': scopes('profile'),
  'oidcc-scope-email': scopes('email'),
  'oidcc-scope-address': scopes('address'),
  'oidcc-scope-phone': scopes('phone'),
  'oidcc-scope-all': scopes('profile', 'email', 'address', 'phone'),
  'oidcc-display-page': succeedsWith({ display: 'page' }),
  'oidcc-display-popup': succeedsWith({ display: 'popup' }),
  'oidcc-claims-locales': succeedsWith({ claims_locales: 'se' }),

  'oidcc-ui-locales': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { url } = await party.ask({ ui_locales: 'se fr' });
      expect((await provider.newAgent().open(url)).html).toMatch(/<html[^>]* lang="fr"/);
      await party.signIn({ ui_locales: 'se' });
    },
  },

  'oidcc-login-hint': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { url } = await party.ask({ login_hint: 'bob@example.com' });
      expect((await provider.newAgent().open(url)).fields['username']).toBe('bob@example.com');
      await party.signIn({ login_hint: 'bob@example.com' });
    },
  },

  'oidcc-ensure-request-with-acr-values-succeeds': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const { claims: told } = await party.signIn({ acr_values: '1 2' });
      expect(party.config.serverMetadata()['acr_values_supported']).toContain(told['acr']);
    },
  },

  'oidcc-claims-essential': {
    run: async (provider, variant) => {
      const party = await provider.register(variant);
      const place = variant.responseType === 'id_token' ? 'id_token' : 'userinfo';
      const asked = { claims: JSON.stringify({ [place]: { name: { essential: true } } }) };
      const told = await party.claimsOf(await party.signIn(asked));
      expect(told['name']).toBe(name);
    },
  },
} as const satisfies Record<string, Module>;
