import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signingAlgorithms } from '@signet/protocol';
import type { ClientSigningAlgorithm } from '@signet/protocol';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { verifyDpopProof } from './verify-dpop-proof.js';

const claims = { jti: 'one', htm: 'POST', htu: 'https://id.example/token', iat: 1_767_225_600 };
const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const verdict = (proof: string, algorithms: readonly ClientSigningAlgorithm[] = signingAlgorithms) => {
  const result = verifyDpopProof({ proof, algorithms });
  return result.ok ? 'accepted' : result.fault;
};

async function prover(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const prove = (header: object = {}, embedded: object = jwk) =>
    new SignJWT(claims).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: embedded, ...header }).sign(privateKey);
  return { privateKey, jwk, prove };
}

describe.each(signingAlgorithms)('a DPoP proof by %s', (alg) => {
  it('shows the thumbprint of the key that made it', async () => {
    const { jwk, prove } = await prover(alg);
    const result = verifyDpopProof({ proof: await prove(), algorithms: [alg] });
    expect(result).toEqual({ ok: true, jkt: await calculateJwkThumbprint(jwk, 'sha256'), claims });
  });

  it('is refused with the key of somebody else', async () => {
    const [{ prove }, other] = [await prover(alg), await prover(alg)];
    expect(verdict(await prove({}, other.jwk))).toBe('signature');
  });

  it('is refused with a private key in it', async () => {
    const { privateKey, prove } = await prover(alg);
    const [, payload, signature] = (await prove()).split('.');
    const header = text({ alg, typ: 'dpop+jwt', jwk: await exportJWK(privateKey) });
    expect(verdict(`${header}.${payload ?? ''}.${signature ?? ''}`)).toBe('key_header');
  });
});

describe('a DPoP proof', () => {
  it.each<[string, object, string]>([
    ['no typ', { typ: undefined }, 'type'],
    ['another typ', { typ: 'JWT' }, 'type'],
    ['jku', { jku: 'https://attacker.example' }, 'key_header'],
    ['x5c', { x5c: ['AA'] }, 'key_header'],
    ['no jwk', { jwk: undefined }, 'malformed'],
    ['a jwk that is no object', { jwk: 'x' }, 'malformed'],
    ['a jwk without kty', { jwk: {} }, 'malformed'],
    ['a symmetric jwk', { jwk: { kty: 'oct', k: 'AA' } }, 'key_header'],
    ['a jwk of another type', { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, 'unknown_key'],
    ['a jwk that is no key', { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }, 'weak_key'],
    ['alg none', { alg: 'none' }, 'algorithm'],
    ['a MAC', { alg: 'HS256' }, 'algorithm'],
    ['crit', { crit: ['exp'] }, 'critical_header'],
  ])('with %s is refused', async (_what, changes, expected) => {
    const { jwk, prove } = await prover('ES256');
    const [, payload = '', signature = ''] = (await prove()).split('.');
    const header = text({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...changes });
    expect(verdict(`${header}.${payload}.${signature}`)).toBe(expected);
  });

  it.each<[ClientSigningAlgorithm, ClientSigningAlgorithm, string]>([
    ['Ed25519', 'Ed25519', 'accepted'],
    ['EdDSA', 'Ed25519', 'algorithm'],
    ['Ed25519', 'EdDSA', 'algorithm'],
  ])('by %s where %s is taken: %s', async (alg, taken, expected) => {
    const { prove } = await prover(alg);
    expect(verdict(await prove(), [taken])).toBe(expected);
  });

  it('by an algorithm that is not taken is refused', async () => {
    const { prove } = await prover('ES256');
    expect(verdict(await prove(), ['PS256'])).toBe('algorithm');
  });

  it('with a MAC under the key that it shows is refused', () => {
    const input = `${text({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: 'AA' } })}.${text(claims)}`;
    expect(verdict(`${input}.${createHmac('sha256', Uint8Array.of(0)).update(input).digest('base64url')}`)).toBe(
      'algorithm',
    );
  });
});
