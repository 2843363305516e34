import { createHmac, createPrivateKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { signingAlgorithms } from '@signet/protocol';
import type { SigningAlgorithm } from '@signet/protocol';
import { SignJWT, calculateJwkThumbprint, importJWK, importPKCS8, jwtVerify } from 'jose';
import { importVerificationKey, jwks, publicJwkSchema } from './jwk.js';
import type { VerificationKey } from './jwk.js';
import { signJwt } from './sign-jwt.js';
import { generateSigningKey, importSigningKey } from './signing-key.js';
import type { GeneratedSigningKey, SigningKey } from './signing-key.js';
import { JWT_LIMIT } from './jws.js';
import { unverifiedKeyId, verifyJwt } from './verify-jwt.js';
import type { JwtExpectation } from './verify-jwt.js';

const ISSUER = 'https://id.example';
const NOW = 1_767_225_600;
const claims = { iss: ISSUER, sub: 'sub-é', aud: 'shop', iat: NOW, exp: NOW + 300, nested: { list: [1, null, true] } };

interface Pair {
  readonly generated: GeneratedSigningKey;
  readonly signing: SigningKey;
  readonly verification: VerificationKey;
}
const pairs = new Map<SigningAlgorithm, Pair>();
const pairOf = (alg: SigningAlgorithm): Pair => {
  const pair = pairs.get(alg);
  if (pair === undefined) throw new Error(alg);
  return pair;
};

beforeAll(async () => {
  for (const alg of signingAlgorithms) {
    const generated = await generateSigningKey(alg);
    const verification = importVerificationKey(generated.publicJwk);
    pairs.set(alg, { generated, signing: importSigningKey(generated), verification });
  }
});

const keys = (kid: string, alg: SigningAlgorithm) =>
  [...pairs.values()].map((pair) => pair.verification).find((key) => key.kid === kid && key.alg === alg);

const verify = (jwt: string, changes: Partial<JwtExpectation> = {}) =>
  verifyJwt({ jwt, keys, typ: 'JWT', issuer: ISSUER, algorithms: signingAlgorithms, now: NOW, ...changes });
const faultOf = (jwt: string, changes: Partial<JwtExpectation> = {}): string => {
  const result = verify(jwt, changes);
  return result.ok ? 'accepted' : result.fault;
};
const sign = (changes: object = {}, alg: SigningAlgorithm = 'ES256', typ = 'JWT') =>
  signJwt({ key: pairOf(alg).signing, typ, claims: { ...claims, ...changes } });
const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe.each(signingAlgorithms)('%s', (alg) => {
  it('is signed by us and verified by jose', async () => {
    const jwt = await sign({}, alg);
    const { publicJwk } = pairOf(alg).generated;
    const verified = await jwtVerify(jwt, await importJWK(publicJwk, alg), {
      issuer: ISSUER,
      typ: 'JWT',
      algorithms: [alg],
      currentDate: new Date(NOW * 1000),
    });
    expect(verified.protectedHeader).toEqual({ alg, kid: publicJwk.kid, typ: 'JWT' });
    expect(verified.payload).toEqual(claims);
  });

  it('is signed by jose and verified by us', async () => {
    const { generated } = pairOf(alg);
    const pem = createPrivateKey({ key: Buffer.from(generated.privatePkcs8), type: 'pkcs8', format: 'der' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const jwt = await new SignJWT(claims)
      .setProtectedHeader({ alg, kid: generated.kid, typ: 'JWT' })
      .sign(await importPKCS8(pem, alg));
    expect(verify(jwt)).toEqual({ ok: true, kid: generated.kid, alg, claims });
  });

  it('has the thumbprint of its public key as kid, and shows nothing private', async () => {
    const { generated } = pairOf(alg);
    expect(generated.kid).toBe(await calculateJwkThumbprint(generated.publicJwk, 'sha256'));
    expect(generated.publicJwk).toMatchObject({ alg, use: 'sig', kid: generated.kid });
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(generated.publicJwk).not.toHaveProperty(member);
    expect(jwks([generated.publicJwk])).toEqual({ keys: [generated.publicJwk] });
  });

  it('refuses any signature that is changed, cut off or added to', async () => {
    const jwt = await sign({}, alg);
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const spoilt = [
      Buffer.from(bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte))),
      Buffer.from(bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte))),
      bytes.subarray(1),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Uint8Array.of(0)]),
      Buffer.alloc(bytes.length),
      Buffer.alloc(0),
    ];
    for (const bad of spoilt) expect(faultOf(`${header}.${payload}.${bad.toString('base64url')}`)).toBe('signature');
  });

  it('refuses other claims and other headers under the same signature', async () => {
    const [header = '', payload = '', signature = ''] = (await sign({}, alg)).split('.');
    expect(faultOf(`${header}.${text({ ...claims, sub: 'sub-bob' })}.${signature}`)).toBe('signature');
    const { kid } = pairOf(alg).generated;
    expect(faultOf(`${text({ typ: 'JWT', kid, alg })}.${payload}.${signature}`)).toBe('signature');
  });
});

describe('verifyJwt', () => {
  it.each<[string, object, Partial<JwtExpectation>, string]>([
    ['a sound one', {}, {}, 'accepted'],
    ['another issuer', { iss: `${ISSUER}/t/globex` }, {}, 'issuer'],
    ['an issuer with a slash', { iss: `${ISSUER}/` }, {}, 'issuer'],
    ['no issuer', { iss: undefined }, {}, 'malformed'],
    ['an issuer that is no text', { iss: [ISSUER] }, {}, 'malformed'],
    ['the audience', {}, { audience: 'shop' }, 'accepted'],
    ['one of the audiences', { aud: ['api', 'shop'] }, { audience: 'shop' }, 'accepted'],
    ['another audience', {}, { audience: 'spa' }, 'audience'],
    ['an audience that only contains it', { aud: 'shop2' }, { audience: 'shop' }, 'audience'],
    ['no audience', { aud: undefined }, { audience: 'shop' }, 'audience'],
    ['no audiences', { aud: [] }, {}, 'malformed'],
    ['the last second', { exp: NOW + 1 }, {}, 'accepted'],
    ['its expiry', { exp: NOW }, {}, 'expired'],
    ['its expiry, within the tolerance', { exp: NOW - 5 }, { tolerance: 6 }, 'accepted'],
    ['its expiry, after the tolerance', { exp: NOW - 5 }, { tolerance: 5 }, 'expired'],
    ['no expiry', { exp: undefined }, {}, 'expired'],
    ['an expiry in text', { exp: '9999999999' }, {}, 'malformed'],
    ['an expiry of null', { exp: null }, {}, 'malformed'],
    ['an expiry before time', { exp: -1 }, {}, 'malformed'],
    ['an old hint', { exp: 1 }, { ignoreExpiry: true }, 'accepted'],
    ['a hint without expiry', { exp: undefined }, { ignoreExpiry: true }, 'accepted'],
    ['a hint of another issuer', { exp: 1, iss: 'x' }, { ignoreExpiry: true }, 'issuer'],
    ['nbf now', { nbf: NOW }, {}, 'accepted'],
    ['nbf to come', { nbf: NOW + 1 }, {}, 'not_yet_valid'],
    ['nbf to come, within the tolerance', { nbf: NOW + 1 }, { tolerance: 1 }, 'accepted'],
  ])('judges %s', async (_what, changes, expectation, expected) => {
    expect(faultOf(await sign(changes), expectation)).toBe(expected);
  });

  it.each(['JWT', 'at+jwt', 'logout+jwt', ''])('takes the typ JWT for no other class, such as %j', async (typ) => {
    expect(faultOf(await sign({}, 'ES256', typ))).toBe(typ === 'JWT' ? 'accepted' : 'type');
    expect(faultOf(await sign(), { typ })).toBe(typ === 'JWT' ? 'accepted' : 'type');
  });

  it('takes only the algorithms that the caller names', async () => {
    expect(faultOf(await sign(), { algorithms: ['RS256', 'EdDSA'] })).toBe('algorithm');
    expect(faultOf(await sign(), { algorithms: [] })).toBe('algorithm');
  });

  it('holds a key to its one algorithm', async () => {
    const { signing, verification } = pairOf('RS256');
    const jwt = await signJwt({ key: { ...signing, alg: 'PS256' }, typ: 'JWT', claims });
    expect(faultOf(jwt, { keys: () => verification })).toBe('unknown_key');
    const own = pairOf('ES256').verification;
    expect(faultOf(await sign(), { keys: () => ({ ...own, kid: 'another' }) })).toBe('unknown_key');
    expect(faultOf(await sign(), { keys: () => undefined })).toBe('unknown_key');
    expect(faultOf(await sign(), { keys: () => verification })).toBe('unknown_key');
  });

  it.each(['none', 'None', 'HS256', 'RS1', 'ES384', ''])('refuses alg %j whatever the signature', (alg) => {
    const { kid } = pairOf('RS256').generated;
    const input = `${text({ alg, kid, typ: 'JWT' })}.${text(claims)}`;
    expect(faultOf(`${input}.`)).toBe('algorithm');
    // The public key as an HMAC secret (RFC 8725 section 2.1).
    const secret = pairOf('RS256').verification.publicKey.export({ type: 'spki', format: 'pem' });
    expect(faultOf(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`)).toBe('algorithm');
  });

  it.each<[string, object, string]>([
    ['crit', { crit: ['exp'] }, 'critical_header'],
    ['an empty crit', { crit: [] }, 'critical_header'],
    ['b64', { b64: false }, 'critical_header'],
    ['no kid', { kid: undefined }, 'malformed'],
    ['an empty kid', { kid: '' }, 'malformed'],
    ['a kid that is no text', { kid: 1 }, 'malformed'],
    ['a kid of a prototype member', { kid: '__proto__' }, 'unknown_key'],
    ['an unknown kid', { kid: 'x' }, 'unknown_key'],
    ['no typ', { typ: undefined }, 'malformed'],
    ['typ in lower case', { typ: 'jwt' }, 'type'],
    ['no alg', { alg: undefined }, 'malformed'],
    ['a jwk of its own', { jwk: { kty: 'oct', k: 'AA' } }, 'signature'],
  ])('refuses a header with %s', async (_what, changes, expected) => {
    const [, payload = '', signature = ''] = (await sign()).split('.');
    const { kid } = pairOf('ES256').generated;
    expect(faultOf(`${text({ alg: 'ES256', kid, typ: 'JWT', ...changes })}.${payload}.${signature}`)).toBe(expected);
  });

  it('never throws, and calls malformed what is', async () => {
    const jwt = await sign();
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const broken = [
      '',
      '.',
      '..',
      '...',
      'a.b.c',
      `${jwt}.x`,
      `${header}.${payload}`,
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}.${signature}=`,
      ` ${jwt}`,
      `${jwt}\n`,
      jwt.replace('.', '\0.'),
      `${Buffer.from('null').toString('base64url')}.${payload}.${signature}`,
      `${Buffer.from('[]').toString('base64url')}.${payload}.${signature}`,
      `${Buffer.from([0xff, 0xfe]).toString('base64url')}.${payload}.${signature}`,
      `${Buffer.from('{"alg":').toString('base64url')}.${payload}.${signature}`,
      `${'A'.repeat(JWT_LIMIT)}.${payload}.${signature}`,
      '\ud800.\udc00.\ud800',
    ];
    for (const bad of broken) expect(faultOf(bad)).toBe('malformed');
  });

  it.each(['null', '[]', '"text"', '1', '{', '', '\ufeff{}'])(
    'calls claims of %j malformed even where they are signed',
    async (payload) => {
      const { signing } = pairOf('EdDSA');
      const { signBytes } = await import('./signature.js');
      const input = `${text({ alg: 'EdDSA', kid: signing.kid, typ: 'JWT' })}.${Buffer.from(payload).toString('base64url')}`;
      const signature = await signBytes('EdDSA', signing.privateKey, Buffer.from(input));
      expect(faultOf(`${input}.${Buffer.from(signature).toString('base64url')}`)).toBe('malformed');
    },
  );

  it('refuses a token over the limit even where it is sound', async () => {
    expect(faultOf(await sign({ padding: 'x'.repeat(JWT_LIMIT) }))).toBe('malformed');
  });
});

describe('signJwt', () => {
  it('leaves undefined members out', async () => {
    const result = verify(await sign({ nonce: undefined, aud: 'shop' }));
    expect(result.ok && 'nonce' in result.claims).toBe(false);
  });
});

describe('unverifiedKeyId', () => {
  it('reads the kid of a header, for a look-up', async () => {
    expect(unverifiedKeyId(await sign())).toBe(pairOf('ES256').generated.kid);
    for (const bad of ['', 'x', '...', `${text({ kid: 1 })}.a.b`, 'A'.repeat(JWT_LIMIT + 1)]) {
      expect(unverifiedKeyId(bad)).toBeUndefined();
    }
  });
});

describe('keys of the store', () => {
  it('are refused under another algorithm', () => {
    const { generated } = pairOf('ES256');
    expect(() => importSigningKey({ ...generated, alg: 'RS256' })).toThrow('not a key for RS256');
    expect(() => importSigningKey({ ...generated, privatePkcs8: Buffer.from('x') })).toThrow();
  });

  it('are never shown with a private member', () => {
    const { publicJwk } = pairOf('EdDSA').generated;
    expect(publicJwkSchema.safeParse({ ...publicJwk, d: 'AA' }).success).toBe(false);
    expect(publicJwkSchema.safeParse({ ...publicJwk, alg: 'ES256' }).success).toBe(false);
  });
});
