import { expect } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import type { Asked, RegisteredParty } from '../party.js';
import type { Provider } from '../provider.js';
import type { Module } from './module.js';

/** Leaves outside of the object what OAuth asks to stand there (OpenID Connect Core 6.1). */
function carriedBy(asked: Asked, object: Readonly<Record<'request' | 'request_uri', string | undefined>>): Asked {
  const url = new URL(asked.url);
  const outside = ['client_id', 'response_type', 'scope', 'redirect_uri'];
  for (const name of [...url.searchParams.keys()]) if (!outside.includes(name)) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(object)) if (value !== undefined) url.searchParams.set(name, value);
  return { ...asked, url };
}

const claimsOf = (party: RegisteredParty, { url }: Asked) => ({
  ...Object.fromEntries(url.searchParams),
  iss: party.clientId,
  aud: party.provider.issuer,
});

const unsigned = (party: RegisteredParty, asked: Asked): string => new UnsecuredJWT(claimsOf(party, asked)).encode();

const publish = (provider: Provider, party: RegisteredParty, object: string): string =>
  provider.site.publish(new URL(requestUriOf(party)).pathname, 'application/jwt', object);

const requestUriOf = (party: RegisteredParty): string => (party.metadata['request_uris'] as string[])[0] ?? '';

let published = 0;
/** A place at the site for one client's object. */
const aRequestUri = (provider: Provider): string => `${provider.site.origin}/request-${(published += 1)}.jwt`;

async function aSigningKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  return { jwk, privateKey };
}

const unsignedClient = (provider: Provider) => ({
  request_object_signing_alg: 'none',
  request_uris: [aRequestUri(provider)],
});

/** Clients that registered no unsigned objects: theirs are not supported, and that is what they are told. */
const refuses = async (provider: Provider, party: RegisteredParty, asked: Asked) => {
  const answered = party.receive(asked, await provider.newAgent().open(asked.url));
  expect(answered.parameters.get('error')).toMatch(
    /^(request_not_supported|request_uri_not_supported|invalid_request_object)$/,
  );
  expect(answered.parameters.get('code')).toBeNull();
};

const unsignedByReference: Module = {
  run: async (provider, variant) => {
    const party = await provider.register(variant, unsignedClient(provider));
    const asked = await party.ask();
    const carried = carriedBy(asked, {
      request: undefined,
      request_uri: publish(provider, party, unsigned(party, asked)),
    });
    await party.verify(await party.send(carried, provider.newAgent()));
  },
};

export const requestObjects = {
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': {
    run: async (provider, variant) => {
      const party = await provider.register(variant, unsignedClient(provider));
      const asked = await party.ask();
      const carried = carriedBy(asked, { request: unsigned(party, asked), request_uri: undefined });
      await party.verify(await party.send(carried, provider.newAgent()));

      const { jwk } = await aSigningKey();
      const signing = { request_object_signing_alg: 'RS256', jwks: { keys: [jwk] } };
      const other = await provider.register(variant, signing);
      const plain = await other.ask();
      const request = unsigned(other, plain);
      const url = new URL(plain.url);
      url.searchParams.set('request', request);
      await refuses(provider, other, { ...plain, url });
    },
  },

  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': unsignedByReference,
  'oidcc-request-uri-unsigned': unsignedByReference,

  'oidcc-request-uri-signed-rs256': {
    run: async (provider, variant) => {
      const { jwk, privateKey } = await aSigningKey();
      const party = await provider.register(variant, {
        request_object_signing_alg: 'RS256',
        request_uris: [aRequestUri(provider)],
        jwks: { keys: [jwk] },
      });
      const asked = await party.ask();
      const signed = (key: Parameters<SignJWT['sign']>[0]) =>
        new SignJWT(claimsOf(party, asked)).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
      const carried = carriedBy(asked, {
        request: undefined,
        request_uri: publish(provider, party, await signed(privateKey)),
      });
      await party.verify(await party.send(carried, provider.newAgent()));

      const stranger = await generateKeyPair('RS256');
      const forged = new URL(`${publish(provider, party, await signed(stranger.privateKey))}#forged`);
      const url = new URL(carried.url);
      url.searchParams.set('request_uri', forged.href);
      const answered = party.receive({ ...asked, url }, await provider.newAgent().open(url));
      expect(answered.parameters.get('error')).toMatch(/^invalid_request_(object|uri)$/);
    },
  },

  'oidcc-ensure-request-object-with-redirect-uri': {
    run: async (provider, variant) => {
      const party = await provider.register(variant, unsignedClient(provider));
      const asked = await party.ask();
      const carried = carriedBy(asked, { request: unsigned(party, asked), request_uri: undefined });
      carried.url.searchParams.set('redirect_uri', `${party.redirectUri}/not-registered`);
      const answered = await party.send(carried, provider.newAgent());
      expect(answered.redirectUri).toBe(party.redirectUri);
      await party.verify(answered);
    },
  },
} as const satisfies Record<string, Module>;
