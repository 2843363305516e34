import { beforeAll, describe, expect, it } from '@jest/globals';
import { contentEncryptionAlgorithms, keyEncryptionAlgorithms } from '@signet/protocol';
import type { ClientJwks, ContentEncryptionAlgorithm, KeyEncryptionAlgorithm } from '@signet/protocol';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK } from 'jose';
import { generateEncryptionKey, importEncryptionKey, selectEncryptionKey } from './encryption-key.js';
import type { EncryptionKey, GeneratedEncryptionKey } from './encryption-key.js';
import { jwks } from './jwk.js';
import { decryptJwe, encryptJwe, isJwe } from './jwe.js';
import type { JweExpectation } from './jwe.js';
import { CLIENT_JWT_LIMIT } from './verify-client-jwt.js';

interface Own {
  readonly generated: GeneratedEncryptionKey;
  readonly key: EncryptionKey;
}
const own = new Map<KeyEncryptionAlgorithm, Own>();
const ownOf = (alg: KeyEncryptionAlgorithm): Own => {
  const found = own.get(alg);
  if (found === undefined) throw new Error(alg);
  return found;
};
beforeAll(async () => {
  for (const alg of keyEncryptionAlgorithms) {
    const generated = await generateEncryptionKey(alg);
    own.set(alg, { generated, key: importEncryptionKey(generated) });
  }
});

const decrypt = (jwe: string, changes: Partial<JweExpectation> = {}) =>
  decryptJwe({
    jwe,
    keys: [...own.values()].map(({ key }) => key),
    algs: keyEncryptionAlgorithms,
    encs: contentEncryptionAlgorithms,
    ...changes,
  });
const verdict = async (jwe: string, changes: Partial<JweExpectation> = {}) => {
  const result = await decrypt(jwe, changes);
  return result.ok ? result.plaintext : result.fault;
};
const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const recipientOf = (jwk: object, alg: KeyEncryptionAlgorithm) => {
  const recipient = selectEncryptionKey({ keys: [jwk] } as ClientJwks, alg);
  if (recipient === undefined) throw new Error('no key');
  return recipient;
};

const combinations = keyEncryptionAlgorithms.flatMap((alg) =>
  contentEncryptionAlgorithms.map((enc) => [alg, enc] as const),
);
describe.each(combinations)('%s with %s', (alg, enc) => {
  it('is encrypted by us and decrypted by jose', async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'theirs' };
    const jwe = await encryptJwe({ plaintext: 'é', recipient: recipientOf(jwk, alg), enc, typ: 'JWT', cty: 'JWT' });
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey);
    expect(Buffer.from(plaintext).toString('utf8')).toBe('é');
    expect(protectedHeader).toMatchObject({ alg, enc, kid: 'theirs', typ: 'JWT', cty: 'JWT' });
    expect(protectedHeader).not.toHaveProperty('zip');
    expect(isJwe(jwe)).toBe(true);
  });

  it('is encrypted by jose and decrypted by us, with a kid and without', async () => {
    const { publicJwk } = ownOf(alg).generated;
    for (const kid of [publicJwk.kid, undefined]) {
      const jwe = await new CompactEncrypt(Buffer.from('é'))
        .setProtectedHeader({ alg, enc, ...(kid !== undefined && { kid }), cty: 'JWT' })
        .encrypt(await importJWK(publicJwk, alg));
      expect(await decrypt(jwe)).toMatchObject({ ok: true, plaintext: 'é', header: { alg, enc, cty: 'JWT' } });
    }
  });

  it('is refused where a part of it is changed, or another key is meant', async () => {
    const recipient = recipientOf(ownOf(alg).generated.publicJwk, alg);
    const parts = (await encryptJwe({ plaintext: 'secret', recipient, enc })).split('.');
    for (const at of [1, 2, 3, 4]) {
      const bytes = Buffer.from(parts[at] ?? '', 'base64url');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      const changed = bytes.length === 0 ? 'AA' : bytes.toString('base64url');
      expect(await verdict(parts.with(at, changed).join('.'))).toBe('undecryptable');
    }
    const stranger = importEncryptionKey({ ...(await generateEncryptionKey(alg)), kid: recipient.kid ?? '' });
    expect(await verdict(parts.join('.'), { keys: [stranger] })).toBe('undecryptable');
    expect(await verdict(parts.join('.'), { keys: [] })).toBe('unknown_key');
    expect(await verdict(parts.join('.'), { algs: keyEncryptionAlgorithms.filter((other) => other !== alg) })).toBe(
      'algorithm',
    );
    const otherEncs = contentEncryptionAlgorithms.filter((other): other is ContentEncryptionAlgorithm => other !== enc);
    expect(await verdict(parts.join('.'), { encs: otherEncs })).toBe('algorithm');
  });
});

describe('decryptJwe', () => {
  it.each<[string, object, string]>([
    ['zip', { zip: 'DEF' }, 'compression'],
    ['crit', { crit: ['exp'] }, 'critical_header'],
    ['jku', { jku: 'https://attacker.example' }, 'key_header'],
    ['jwk', { jwk: {} }, 'key_header'],
    ['dir', { alg: 'dir' }, 'algorithm'],
    ['RSA1_5', { alg: 'RSA1_5' }, 'algorithm'],
    ['RSA-OAEP', { alg: 'RSA-OAEP' }, 'algorithm'],
    ['a password', { alg: 'PBES2-HS256+A128KW', p2c: 1e9, p2s: 'AA' }, 'algorithm'],
    ['another enc', { enc: 'A128GCM' }, 'algorithm'],
    ['a kid that is a path', { kid: '../../key' }, 'unknown_key'],
    ['no enc', { enc: undefined }, 'malformed'],
    ['a kid that is no text', { kid: 1 }, 'malformed'],
    ['no epk', {}, 'undecryptable'],
    [
      'a point off the curve',
      { epk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } },
      'undecryptable',
    ],
    ['a point on another curve', { epk: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } }, 'undecryptable'],
  ])('refuses a header with %s', async (_what, changes, expected) => {
    expect(
      await verdict(
        `${text({ alg: 'ECDH-ES', enc: 'A256GCM', ...changes })}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA`,
      ),
    ).toBe(expected);
  });

  it('never throws for what is no JWE', async () => {
    for (const bad of ['', '....', 'a.b.c', 'a.b.c.d.e', '\0', '.'.repeat(1000), 'A'.repeat(CLIENT_JWT_LIMIT + 1)]) {
      expect(await verdict(bad)).toBe('malformed');
    }
  });

  it('calls a plaintext that is no UTF-8 malformed', async () => {
    const { publicJwk } = ownOf('ECDH-ES').generated;
    const jwe = await new CompactEncrypt(Uint8Array.of(0xff, 0xfe))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(await importJWK(publicJwk, 'ECDH-ES'));
    expect(await verdict(jwe)).toBe('malformed');
  });
});

describe('keys of our own', () => {
  it.each(keyEncryptionAlgorithms)('for %s show nothing private', (alg) => {
    const { generated } = ownOf(alg);
    expect(generated.publicJwk).toMatchObject({ alg, use: 'enc', kid: generated.kid });
    expect(generated.publicJwk).not.toHaveProperty('d');
    expect(jwks([generated.publicJwk])).toEqual({ keys: [generated.publicJwk] });
  });

  it('are refused under another algorithm', () => {
    expect(() => importEncryptionKey({ ...ownOf('ECDH-ES').generated, alg: 'RSA-OAEP-256' })).toThrow('not a key for');
  });
});

describe('selectEncryptionKey', () => {
  const ec = (changes: object) => ({ ...ownOf('ECDH-ES').generated.publicJwk, ...changes });
  const selected = (keys: object[], alg: KeyEncryptionAlgorithm = 'ECDH-ES') =>
    selectEncryptionKey({ keys } as ClientJwks, alg)?.kid;

  it.each<[string, object, boolean]>([
    ['is for encryption', {}, true],
    ['says nothing', { use: undefined, alg: undefined }, true],
    ['is for signatures', { use: 'sig' }, false],
    ['is of another algorithm', { alg: 'ECDH-ES+A256KW' }, false],
    ['may derive bits', { key_ops: ['deriveBits'] }, true],
    ['may only sign', { key_ops: ['sign'] }, false],
    ['is on a curve that we do not use', { crv: 'secp256k1' }, false],
    ['is off its curve', { y: 'A'.repeat(43) }, false],
  ])('takes a key that %s: %#', (_what, changes, taken) => {
    expect(selected([ec({ kid: 'it', ...changes })])).toBe(taken ? 'it' : undefined);
  });

  it('prefers one that says it is for encryption, and passes over what is no key', () => {
    const [silent, marked, broken] = [ec({ kid: 'silent', use: undefined }), ec({ kid: 'marked' }), ec({ y: 'A' })];
    expect(selected([silent, broken, marked])).toBe('marked');
    expect(selected([broken, silent])).toBe('silent');
    expect(selected([marked], 'RSA-OAEP-256')).toBeUndefined();
    expect(selected([])).toBeUndefined();
  });

  it('takes X25519 and P-384 too', async () => {
    for (const crv of ['X25519', 'P-384'] as const) {
      const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv, extractable: true });
      const recipient = recipientOf(await exportJWK(publicKey), 'ECDH-ES');
      const jwe = await encryptJwe({ plaintext: crv, recipient, enc: 'A256GCM' });
      expect(Buffer.from((await compactDecrypt(jwe, privateKey)).plaintext).toString()).toBe(crv);
    }
  });
});
