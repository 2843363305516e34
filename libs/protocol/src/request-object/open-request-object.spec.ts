import { describe, expect, it } from '@jest/globals';
import { aClient, aClientJwt, clientJwts, ISSUER, NOW } from '../../test/fixtures.js';
import type { Client } from '../client.js';
import { openRequestObject } from './open-request-object.js';
import type { RequestObjectDeps } from './open-request-object.js';

type Jwt = Parameters<typeof aClientJwt>[0];

const claims = { client_id: 'shop', scope: 'openid' };
const jwtOf = (changes: Partial<Jwt> = {}): string => aClientJwt({ by: 'shop', claims, ...changes });
const unsecured = (jwt: string) => {
  const read = JSON.parse(Buffer.from(jwt, 'base64url').toString()) as Jwt;
  return read.alg === 'none' ? ({ ok: true, typ: read.typ, claims: read.claims } as const) : undefined;
};

/** What begins with `!` cannot be decrypted; what begins with `~` hides what follows. */
const deps = (by: RequestObjectDeps['by'] = 'request'): RequestObjectDeps => ({
  by,
  issuer: ISSUER,
  clock: { now: () => NOW },
  cryptography: {
    jwts: clientJwts,
    unsecured,
    decrypt: (text) => {
      if (text.startsWith('!')) return Promise.resolve({ ok: false, fault: 'undecryptable' });
      return Promise.resolve(text.startsWith('~') ? { ok: true, plaintext: text.slice(1) } : undefined);
    },
  },
});

const open = (text: string, client: Partial<Client> = {}, by?: RequestObjectDeps['by']) =>
  openRequestObject(text, aClient(client), deps(by));

const parameters = { client_id: ['shop'], scope: ['openid'] };

describe('openRequestObject', () => {
  it.each<[string, string, Partial<Client>]>([
    ['without a type', jwtOf(), {}],
    ['of the type JWT', jwtOf({ typ: 'JWT' }), {}],
    ['of its own type', jwtOf({ typ: 'oauth-authz-req+jwt' }), {}],
    ['of its media type', jwtOf({ typ: 'application/oauth-authz-req+jwt' }), {}],
    ['by the registered algorithm', jwtOf({ alg: 'ES256' }), { requestObjectSigningAlg: 'ES256' }],
    ['unsigned where registered so', jwtOf({ alg: 'none' }), { requestObjectSigningAlg: 'none' }],
    ['signed where `none` is registered', jwtOf(), { requestObjectSigningAlg: 'none' }],
    ['encrypted', `~${jwtOf()}`, {}],
    ['unsigned and encrypted where registered so', `~${jwtOf({ alg: 'none' })}`, { requestObjectSigningAlg: 'none' }],
  ])('reads one %s', async (_what, text, client) => {
    expect(await open(text, client)).toEqual({ ok: true, value: parameters });
  });

  it.each<[string, string, Partial<Client>, string]>([
    ['signed by another client', jwtOf({ by: 'other' }), {}, 'request_object_signature'],
    ['of another algorithm', jwtOf(), { requestObjectSigningAlg: 'ES256' }, 'request_object_algorithm'],
    ['with a MAC', jwtOf({ alg: 'HS256' }), {}, 'request_object_algorithm'],
    ['that cannot be decrypted', '!', {}, 'request_object_undecryptable'],
    ['signed by another client inside', `~${jwtOf({ by: 'other' })}`, {}, 'request_object_signature'],
    ['that is an assertion', jwtOf({ typ: 'client-authentication+jwt' }), {}, 'request_object_type'],
    ['that is a DPoP proof', jwtOf({ typ: 'dpop+jwt' }), {}, 'request_object_type'],
  ])('refuses one %s', async (_what, text, client, detail) => {
    expect(await open(text, client)).toMatchObject({ ok: false, error: { error: 'invalid_request_object', detail } });
  });

  it.each([
    ['request', {}, 'request_not_supported'],
    ['request_uri', {}, 'request_uri_not_supported'],
    ['request', { requestObjectSigningAlg: 'RS256' }, 'request_not_supported'],
    ['request', { requestObjectSigningAlg: 'none', requireSignedRequestObject: true }, 'request_not_supported'],
  ] as const)('says of an unsigned one by %s for %j that it is not supported', async (by, client, error) => {
    expect(await open(jwtOf({ alg: 'none' }), client, by)).toMatchObject({ ok: false, error: { error } });
    expect(await open(`~${jwtOf({ alg: 'none' })}`, client, by)).toMatchObject({ ok: false, error: { error } });
  });

  it('holds its claims and its parameters to their rules', async () => {
    for (const more of [{ iss: 'other' }, { request_uri: 'https://shop.example/r' }]) {
      const answer = await open(jwtOf({ claims: { ...claims, ...more } }));
      expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_request_object' } });
    }
  });
});
