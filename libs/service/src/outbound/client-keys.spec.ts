import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { generateEncryptionKey, importSigningKey, signJwt } from '@signet/keys';
import type { ClientJwks } from '@signet/protocol';
import { ClientKeys, type ClientKeySource } from './client-keys.js';

function pair(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privatePkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kty: 'EC', kid };
  return { jwk, signing: importSigningKey({ kid, alg: 'ES256', privatePkcs8 }) };
}

const [first, second] = [pair('first'), pair('second')];
const remote: ClientKeySource = { jwksUri: 'https://client.example/jwks' };

/** A site that has one set now, and another when it is asked anew. */
function keysOf(now: ClientJwks | undefined, anew?: ClientJwks) {
  const asked: string[] = [];
  const ask = (how: string, jwks: ClientJwks | undefined) => (uri: string) => {
    asked.push(`${how} ${uri}`);
    return Promise.resolve(jwks);
  };
  return { asked, keys: new ClientKeys({ get: ask('get', now), getAnew: ask('anew', anew) }) };
}

const verdict = async (keys: ClientKeys, client: ClientKeySource, signing = first.signing) => {
  const jwt = await signJwt({ key: signing, typ: 'JWT', claims: { sub: 'client' } });
  const result = await keys.verify(client, { jwt, algorithms: ['ES256'] });
  return result.ok ? 'accepted' : result.fault;
};

describe('ClientKeys.verify', () => {
  it('uses keys that are registered by value, and asks nobody', async () => {
    const { asked, keys } = keysOf({ keys: [second.jwk] });
    const client = { ...remote, jwks: { keys: [first.jwk] } };
    expect(await verdict(keys, client)).toBe('accepted');
    expect(await verdict(keys, client, second.signing)).toBe('unknown_key');
    expect(asked).toEqual([]);
  });

  it('of a client without keys verifies nothing', async () => {
    expect(await verdict(keysOf(undefined).keys, {})).toBe('unknown_key');
  });

  it('uses the set of a jwks_uri', async () => {
    const { asked, keys } = keysOf({ keys: [first.jwk] });
    expect(await verdict(keys, remote)).toBe('accepted');
    expect(asked).toEqual(['get https://client.example/jwks']);
  });

  it('finds a key that the client has rotated to', async () => {
    const { asked, keys } = keysOf({ keys: [first.jwk] }, { keys: [second.jwk] });
    expect(await verdict(keys, remote, second.signing)).toBe('accepted');
    expect(asked).toEqual(['get https://client.example/jwks', 'anew https://client.example/jwks']);
  });

  it('says that a key is unknown where nothing newer is to be had', async () => {
    expect(await verdict(keysOf({ keys: [first.jwk] }).keys, remote, second.signing)).toBe('unknown_key');
  });

  it('does not fetch again for a wrong signature by a known key', async () => {
    const { asked, keys } = keysOf({ keys: [first.jwk] }, { keys: [second.jwk] });
    expect(await verdict(keys, remote, { ...second.signing, kid: 'first' })).toBe('signature');
    expect(asked).toHaveLength(1);
  });

  it('says so where no set can be had', async () => {
    expect(await verdict(keysOf(undefined).keys, remote)).toBe('keys_unavailable');
  });
});

describe('ClientKeys.encryptionKey', () => {
  it('finds the key by value, by URI, and after it was added there', async () => {
    const { publicJwk } = await generateEncryptionKey('ECDH-ES');
    const jwks = { keys: [publicJwk] };
    const kid = async (keys: ClientKeys, client: ClientKeySource) => {
      const found = await keys.encryptionKey(client, 'ECDH-ES');
      return typeof found === 'object' ? found.kid : found;
    };
    expect(await kid(keysOf(undefined).keys, { jwks })).toBe(publicJwk.kid);
    expect(await kid(keysOf(jwks).keys, remote)).toBe(publicJwk.kid);
    expect(await kid(keysOf({ keys: [] }, jwks).keys, remote)).toBe(publicJwk.kid);
    expect(await kid(keysOf({ keys: [] }).keys, remote)).toBeUndefined();
    expect(await kid(keysOf(undefined).keys, remote)).toBe('keys_unavailable');
    expect(await kid(keysOf(undefined).keys, {})).toBeUndefined();
  });
});
