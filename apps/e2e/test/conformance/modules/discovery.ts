import { expect } from '@jest/globals';
import type { Module } from './module.js';

const urlMembers = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'registration_endpoint',
  'end_session_endpoint',
];

export const discovery = {
  // OpenID Connect Discovery 1.0 sections 3 and 4; Core 15.1 and 15.2 for what must be supported.
  'oidcc-discovery-endpoint-verification': {
    run: async (provider) => {
      const answer = await provider.fetch(`${provider.issuer}/.well-known/openid-configuration`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('Content-Type')).toContain('application/json');
      const found = (await answer.json()) as Record<string, unknown>;
      expect(found['issuer']).toBe(provider.issuer);
      for (const member of urlMembers) expect(found[member]).toMatch(/^https:\/\//);
      const holds = (member: string, ...values: string[]) => {
        expect(found[member]).toEqual(expect.arrayContaining(values));
      };
      holds('response_types_supported', 'code', 'id_token', 'id_token token');
      holds('grant_types_supported', 'authorization_code', 'implicit');
      holds('response_modes_supported', 'query', 'fragment', 'form_post');
      holds('subject_types_supported', 'public', 'pairwise');
      holds('id_token_signing_alg_values_supported', 'RS256');
      holds('scopes_supported', 'openid', 'profile', 'email', 'address', 'phone');
      holds('claims_supported', 'sub', 'name', 'email', 'address', 'phone_number');
      holds('token_endpoint_auth_methods_supported', 'client_secret_basic', 'private_key_jwt');
      holds('request_object_signing_alg_values_supported', 'none', 'RS256');
      expect(found).toMatchObject({
        claims_parameter_supported: true,
        request_parameter_supported: true,
        request_uri_parameter_supported: true,
      });
      const { keys } = (await (await provider.fetch(String(found['jwks_uri']))).json()) as { keys: unknown[] };
      expect(keys.length).toBeGreaterThan(0);
    },
  },
} as const satisfies Record<string, Module>;
