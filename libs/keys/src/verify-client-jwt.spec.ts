import { createHmac, createPublicKey, type webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { clientSigningAlgorithms, macAlgorithms, signingAlgorithms } from '@signet/protocol';
import type { ClientSigningAlgorithm, SigningAlgorithm } from '@signet/protocol';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { ClientJwk } from './client-jwk.js';
import { CLIENT_JWT_LIMIT, readUnsecuredJwt, verifyClientJwt, verifyMacJwt } from './verify-client-jwt.js';
import type { ClientJwtVerification } from './verify-client-jwt.js';

const NOW = 1_767_225_600;
const claims = { iss: 'client-é', sub: 'client-é', aud: ['https://id.example'], exp: NOW + 60, jti: 'one' };
const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Pair {
  readonly privateKey: webcrypto.CryptoKey;
  readonly jwk: ClientJwk;
}
const pairs = new Map<SigningAlgorithm, Pair>();
const pairOf = (alg: SigningAlgorithm): Pair => {
  const pair = pairs.get(alg);
  if (pair === undefined) throw new Error(alg);
  return pair;
};

beforeAll(async () => {
  for (const alg of signingAlgorithms) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    pairs.set(alg, { privateKey, jwk: { ...(await exportJWK(publicKey)), kty: kty[alg], kid: `key-${alg}` } });
  }
});
const kty = { RS256: 'RSA', PS256: 'RSA', ES256: 'EC', EdDSA: 'OKP' } as const;

const sign = (alg: SigningAlgorithm, header: object = {}, changes: object = {}): Promise<string> =>
  new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg, kid: `key-${alg}`, ...header })
    .sign(pairOf(alg).privateKey, { crit: { b64: true } });

type Changes = Partial<Parameters<typeof verifyClientJwt>[0]>;
const verify = (jwt: string, changes: Changes = {}): ClientJwtVerification =>
  verifyClientJwt({
    jwt,
    keys: [...pairs.values()].map(({ jwk }) => jwk),
    algorithms: signingAlgorithms,
    ...changes,
  });
const verdict = (result: ClientJwtVerification): string => (result.ok ? 'accepted' : result.fault);

describe.each(signingAlgorithms)('a JWT of a client by %s', (alg) => {
  it('is signed by jose and verified by us', async () => {
    expect(verify(await sign(alg))).toEqual({ ok: true, header: { alg, kid: `key-${alg}` }, claims });
  });

  it.each<[string, object, string]>([
    ['says nothing more', {}, 'accepted'],
    ['is for signatures', { use: 'sig', key_ops: ['verify'], alg: true }, 'accepted'],
    ['is for encryption', { use: 'enc' }, 'unknown_key'],
    ['may not verify', { key_ops: ['encrypt'] }, 'unknown_key'],
    ['has key_ops of another form', { key_ops: 'verify' }, 'unknown_key'],
    ['is of another algorithm', { alg: 'ES384' }, 'unknown_key'],
    ['has another kid', { kid: 'other' }, 'unknown_key'],
    ['has a kid that is no text', { kid: 1 }, 'unknown_key'],
    ['is of another type', { kty: 'oct' }, 'unknown_key'],
    ['has members that are not base64url', { n: '+', x: '+' }, 'weak_key'],
  ])('by a key that %s', async (_what, changes, expected) => {
    const { jwk } = pairOf(alg);
    const key = { ...jwk, ...changes, ...('alg' in changes && changes.alg === true && { alg }) };
    expect(verdict(verify(await sign(alg), { keys: [key] }))).toBe(expected);
  });

  it('is found without a kid, among other keys', async () => {
    const jwt = await sign(alg, { kid: undefined });
    expect(verdict(verify(jwt))).toBe('accepted');
    expect(verdict(verify(jwt, { keys: [] }))).toBe('unknown_key');
    const { privateKey } = await generateKeyPair(alg);
    const stranger = await new SignJWT(claims).setProtectedHeader({ alg }).sign(privateKey);
    expect(verdict(verify(stranger))).toBe('unknown_key');
  });

  it('is tried against five keys at most', async () => {
    const jwt = await sign(alg);
    const keys = Array.from({ length: 5 }, () => pairOf(alg).jwk);
    expect(verdict(verify(jwt, { keys }))).toBe('accepted');
    expect(verdict(verify(jwt, { keys: [...keys, pairOf(alg).jwk] }))).toBe('unknown_key');
  });

  it('is refused by a signature that is changed', async () => {
    const [header = '', payload = '', signature = ''] = (await sign(alg)).split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(verdict(verify(`${header}.${payload}.${bytes.toString('base64url')}`))).toBe('signature');
    expect(verdict(verify(`${header}.${text({ ...claims, sub: 'mallory' })}.${signature}`))).toBe('signature');
    expect(verdict(verify(`${header}.${payload}.`))).toBe('signature');
  });
});

// RFC 9864 section 2.2: two names of one signature, which are two algorithms all the same.
describe('Ed25519 and EdDSA', () => {
  it.each<[ClientSigningAlgorithm, ClientSigningAlgorithm[], string | undefined, string]>([
    ['Ed25519', ['Ed25519'], undefined, 'accepted'],
    ['Ed25519', ['EdDSA', 'Ed25519'], 'Ed25519', 'accepted'],
    ['EdDSA', ['EdDSA'], 'EdDSA', 'accepted'],
    ['Ed25519', ['EdDSA'], undefined, 'algorithm'],
    ['EdDSA', ['Ed25519'], undefined, 'algorithm'],
    ['Ed25519', ['EdDSA', 'Ed25519'], 'EdDSA', 'unknown_key'],
    ['EdDSA', ['EdDSA', 'Ed25519'], 'Ed25519', 'unknown_key'],
    ['Ed25519', ['ES256'], undefined, 'algorithm'],
  ])('a JWT by %s where %j may be, of a key for %s: %s', async (alg, algorithms, keyAlg, expected) => {
    const { privateKey, jwk } = pairOf('EdDSA');
    const jwt = await new SignJWT(claims).setProtectedHeader({ alg }).sign(privateKey);
    const key = { ...jwk, ...(keyAlg !== undefined && { alg: keyAlg }) };
    expect(verdict(verify(jwt, { keys: [key], algorithms }))).toBe(expected);
  });

  it.each(['ed25519', 'ED25519', 'eddsa', 'Ed448', 'Ed25519 ', 'toString'])('%j is neither', async (alg) => {
    const [, payload = '', signature = ''] = (await sign('EdDSA')).split('.');
    const jwt = `${text({ alg })}.${payload}.${signature}`;
    expect(verdict(verify(jwt, { algorithms: clientSigningAlgorithms }))).toBe('algorithm');
  });
});

describe('algorithm confusion', () => {
  it.each(['HS256', 'HS384', 'HS512', 'none', 'None', 'nOnE', 'ES384', 'RS512', '', 'rs256', 'RS256 '])(
    '%j is refused',
    (alg) => {
      const { jwk } = pairOf('RS256');
      const input = `${text({ alg, kid: 'key-RS256' })}.${text(claims)}`;
      // The public key as the secret, in each form in which it is at hand (RFC 8725 section 2.1).
      const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      for (const secret of [pem, JSON.stringify(jwk), String(jwk.n)]) {
        const jwt = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
        expect(verdict(verify(jwt))).toBe('algorithm');
        expect(verdict(verify(`${input}.`))).toBe('algorithm');
      }
    },
  );

  it('takes only what the caller names', async () => {
    expect(verdict(verify(await sign('RS256'), { algorithms: ['PS256', 'ES256'] }))).toBe('algorithm');
    expect(verdict(verify(await sign('ES256'), { algorithms: [] }))).toBe('algorithm');
  });

  it('an RSA key that says RS256 verifies no PS256, and the other way', async () => {
    for (const [own, other] of [
      ['RS256', 'PS256'],
      ['PS256', 'RS256'],
    ] as const) {
      const key = { ...pairOf(own).jwk, alg: other };
      expect(verdict(verify(await sign(own), { keys: [key] }))).toBe('unknown_key');
      expect(verdict(verify(await sign(own), { keys: [{ ...key, alg: own }] }))).toBe('accepted');
    }
  });

  it('a signature by RS256 is none by PS256 under the same key', async () => {
    const [, payload = '', signature = ''] = (await sign('RS256')).split('.');
    const header = text({ alg: 'PS256', kid: 'key-RS256' });
    expect(verdict(verify(`${header}.${payload}.${signature}`))).toBe('signature');
  });
});

describe('headers', () => {
  it.each<[string, object, string]>([
    ['crit', { crit: ['exp'] }, 'critical_header'],
    ['an empty crit', { crit: [] }, 'critical_header'],
    ['b64', { b64: false }, 'critical_header'],
    ['jku', { jku: 'https://attacker.example/jwks' }, 'key_header'],
    ['x5u', { x5u: 'https://attacker.example/cert' }, 'key_header'],
    ['x5c', { x5c: ['AA'] }, 'key_header'],
    ['a jwk of its own', { jwk: { kty: 'oct', k: 'AA' } }, 'key_header'],
    ['a kid that is a path', { kid: '../../../../dev/null' }, 'unknown_key'],
    ['a kid that is SQL', { kid: "' OR 1=1 --" }, 'unknown_key'],
    ['a kid that is a member of every object', { kid: '__proto__' }, 'unknown_key'],
    ['a kid with a NUL', { kid: 'key-ES256\0' }, 'unknown_key'],
    ['the kid of another key', { kid: 'key-RS256' }, 'unknown_key'],
    ['a kid that is no text', { kid: ['key-ES256'] }, 'malformed'],
    ['a kid without end', { kid: 'x'.repeat(257) }, 'malformed'],
    ['a typ that is no text', { typ: 1 }, 'malformed'],
    ['no alg', { alg: undefined }, 'malformed'],
  ])('with %s are refused', async (_what, changes, expected) => {
    const [, payload = '', signature = ''] = (await sign('ES256')).split('.');
    const header = text({ alg: 'ES256', kid: 'key-ES256', ...changes });
    expect(verdict(verify(`${header}.${payload}.${signature}`))).toBe(expected);
  });

  it.each<[string | undefined, readonly string[] | undefined, string]>([
    [undefined, undefined, 'accepted'],
    ['anything', undefined, 'accepted'],
    ['oauth-authz-req+jwt', ['oauth-authz-req+jwt'], 'accepted'],
    ['application/OAuth-Authz-Req+JWT', ['oauth-authz-req+jwt'], 'accepted'],
    ['JWT', ['jwt', 'client-authentication+jwt'], 'accepted'],
    ['dpop+jwt', ['jwt'], 'type'],
    [undefined, ['jwt'], 'type'],
  ])('of typ %j where %j is expected: %s', async (typ, expected, outcome) => {
    expect(verdict(verify(await sign('EdDSA', { typ }), { typ: expected }))).toBe(outcome);
  });
});

describe('claims', () => {
  it.each<[string, object, string]>([
    ['no exp', { exp: undefined }, 'accepted'],
    ['an exp that is past', { exp: 1 }, 'accepted'],
    ['an nbf to come', { nbf: 1e11 }, 'accepted'],
    ['exp in text', { exp: '9999999999' }, 'malformed'],
    ['nbf of null', { nbf: null }, 'malformed'],
    ['iat before time', { iat: -1 }, 'malformed'],
    ['an issuer that is no text', { iss: ['client'] }, 'malformed'],
    ['no audiences', { aud: [] }, 'malformed'],
    ['audiences that are no texts', { aud: [{}] }, 'malformed'],
  ])('with %s', async (_what, changes, expected) => {
    const [payload, signing] = [{ ...claims, ...changes }, pairOf('ES256').privateKey];
    // By hand: jose would not sign some of these.
    const input = `${text({ alg: 'ES256', kid: 'key-ES256' })}.${text(payload)}`;
    const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signing, Buffer.from(input));
    expect(verdict(verify(`${input}.${Buffer.from(bytes).toString('base64url')}`))).toBe(expected);
  });

  it('are never read from what is too large, or is no JWT', async () => {
    expect(verdict(verify(await sign('ES256', {}, { padding: 'x'.repeat(CLIENT_JWT_LIMIT) })))).toBe('malformed');
    for (const bad of ['', '.', '..', 'a.b.c', 'a.b.c.d.e', '\0.\0.\0', `${await sign('ES256')}\n`]) {
      expect(verdict(verify(bad))).toBe('malformed');
      expect(verdict(verifyMacJwt({ jwt: bad, secret: 's'.repeat(64), algorithms: macAlgorithms }))).toBe('malformed');
      expect(verdict(readUnsecuredJwt({ jwt: bad }))).toBe('malformed');
    }
  });
});

describe('keys of a client', () => {
  it('of less than 2048 bits are none', async () => {
    const { publicKey } = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    );
    const weak = { ...(await exportJWK(publicKey)), kty: 'RSA', kid: 'key-RS256' };
    expect(verdict(verify(await sign('RS256'), { keys: [weak] }))).toBe('weak_key');
    // Beside a sound one it does no harm.
    expect(verdict(verify(await sign('RS256'), { keys: [weak, pairOf('RS256').jwk] }))).toBe('accepted');
  });

  it('whose point is not on the curve are none', async () => {
    const { jwk } = pairOf('ES256');
    const off = { ...jwk, y: jwk.x };
    expect(verdict(verify(await sign('ES256'), { keys: [off] }))).toBe('weak_key');
  });

  it('on another curve are no candidates', async () => {
    const { publicKey } = await generateKeyPair('ES384', { extractable: true });
    const p384 = { ...(await exportJWK(publicKey)), kty: 'EC', kid: 'key-ES256' };
    expect(verdict(verify(await sign('ES256'), { keys: [p384] }))).toBe('unknown_key');
  });

  it('with an exponent that takes long are none', async () => {
    const key = { ...pairOf('RS256').jwk, e: pairOf('RS256').jwk.n };
    expect(verdict(verify(await sign('RS256'), { keys: [key] }))).toBe('weak_key');
  });
});

describe.each(macAlgorithms)('a JWT by %s', (alg) => {
  const bytes = { HS256: 32, HS384: 48, HS512: 64 }[alg];
  const secret = 's'.repeat(bytes);
  const mac = (key: string) => new SignJWT(claims).setProtectedHeader({ alg }).sign(Buffer.from(key));
  const check = (jwt: string, changes: Partial<Parameters<typeof verifyMacJwt>[0]> = {}) =>
    verdict(verifyMacJwt({ jwt, secret, algorithms: macAlgorithms, ...changes }));

  it('is made by jose and verified by us', async () => {
    expect(verifyMacJwt({ jwt: await mac(secret), secret, algorithms: [alg] })).toEqual({
      ok: true,
      header: { alg },
      claims,
    });
  });

  it('is refused by another secret, another algorithm, a cut signature and none', async () => {
    const jwt = await mac(secret);
    expect(check(jwt, { secret: 't'.repeat(bytes) })).toBe('signature');
    expect(check(jwt, { algorithms: macAlgorithms.filter((other) => other !== alg) })).toBe('algorithm');
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    for (const length of [0, 1, bytes - 1]) {
      const cut = Buffer.from(signature, 'base64url').subarray(0, length).toString('base64url');
      expect(check(`${header}.${payload}.${cut}`)).toBe('signature');
    }
  });

  it('needs a secret as long as its hash', () => {
    const short = secret.slice(1);
    const input = `${text({ alg })}.${text(claims)}`;
    const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[alg];
    const jwt = `${input}.${createHmac(hash, short).update(input).digest('base64url')}`;
    expect(check(jwt, { secret: short })).toBe('weak_key');
  });

  it('takes no signature, and no unsecured JWT', async () => {
    expect(check(await sign('RS256'))).toBe('algorithm');
    expect(check(`${text({ alg: 'none' })}.${text(claims)}.`)).toBe('algorithm');
  });
});

describe('readUnsecuredJwt', () => {
  const read = (jwt: string) => verdict(readUnsecuredJwt({ jwt }));
  const payload = text(claims);

  it('reads one with an empty signature', () => {
    const jwt = `${text({ alg: 'none' })}.${payload}.`;
    expect(readUnsecuredJwt({ jwt })).toEqual({ ok: true, header: { alg: 'none' }, claims });
  });

  it.each([
    ['a signature', `${text({ alg: 'none' })}.${payload}.AA`, 'signature'],
    ['another case', `${text({ alg: 'None' })}.${payload}.`, 'algorithm'],
    ['an algorithm and no signature', `${text({ alg: 'RS256' })}.${payload}.`, 'algorithm'],
    ['two parts', `${text({ alg: 'none' })}.${payload}`, 'malformed'],
    ['crit', `${text({ alg: 'none', crit: ['x'] })}.${payload}.`, 'critical_header'],
  ])('refuses one with %s', (_what, jwt, expected) => {
    expect(read(jwt)).toBe(expected);
  });
});
