import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { clientJwksSchema } from '@signet/protocol';
import type { ClientJwks, ClientSigningAlgorithm } from '@signet/protocol';
import { z } from 'zod';
import { decodeBase64url } from './base64url.js';
import { sha256Text } from './hashes.js';

/** One key of a client's set (RFC 7517 section 4): public, as registered, fetched or embedded. */
export type ClientJwk = ClientJwks['keys'][number];
export const clientJwkSchema = clientJwksSchema.shape.keys.element;

/** In characters of JSON: a hundred RSA keys with their certificates. */
export const JWKS_LIMIT = 256 * 1024;

export type ClientJwksFault = 'too_large' | 'malformed' | 'symmetric_key' | 'private_member' | 'oversized_key';

export type ClientJwksParsing =
  { readonly ok: true; readonly jwks: ClientJwks } | { readonly ok: false; readonly fault: ClientJwksFault };

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 8037 section 2. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

/** Whether a JWK holds what its owner alone may have. */
export const hasSecretMember = (jwk: object): boolean => secretMembers.some((member) => Object.hasOwn(jwk, member));

/** In characters of base64url: an exponent of 4 bytes, a modulus of 4096 bits with a zero before it. */
const rsaLimits = { e: 6, n: 684 } as const;

/** Verification takes as long as the sender of an RSA key wants, and it is the event loop that waits. */
const isOversized = ({ kty, e, n }: ClientJwk): boolean =>
  kty === 'RSA' && (isLonger(e, rsaLimits.e) || isLonger(n, rsaLimits.n));

const isLonger = (member: unknown, limit: number): boolean => typeof member === 'string' && member.length > limit;

/** OpenID Connect Dynamic Client Registration 1.0 section 2: a client's set is of public keys, and MUST NOT contain private ones. */
const secretFault = ({ keys }: ClientJwks): ClientJwksFault | undefined => {
  if (keys.some((key) => key.kty === 'oct')) return 'symmetric_key';
  return keys.some(hasSecretMember) ? 'private_member' : undefined;
};

/**
 * What makes a set that has the shape of one unfit to be registered, or undefined. Keys of types that we cannot use are no
 * fault: RFC 7517 section 5 has them ignored.
 */
export const clientJwksFault = (jwks: ClientJwks): ClientJwksFault | undefined =>
  secretFault(jwks) ?? (jwks.keys.some(isOversized) ? 'oversized_key' : undefined);

/**
 * A client's JWK set from the JSON of a jwks_uri. It does not say whether any of its keys is of use. RFC 7517 section 5: one
 * that is too long is ignored where it would be used, and the others of its set serve.
 */
export const parseClientJwks = (json: string): ClientJwksParsing => {
  if (json.length > JWKS_LIMIT) return { ok: false, fault: 'too_large' };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, fault: 'malformed' };
  }
  const jwks = clientJwksSchema.safeParse(value).data;
  if (jwks === undefined) return { ok: false, fault: 'malformed' };
  const fault = secretFault(jwks);
  return fault === undefined ? { ok: true, jwks } : { ok: false, fault };
};

const member = z.string().min(1).max(2048);

/** The members that make the key, in the order of their names: what RFC 7638 section 3.2 hashes. */
const publicMembers = z.discriminatedUnion('kty', [
  z.object({ e: member.max(rsaLimits.e), kty: z.literal('RSA'), n: member.max(rsaLimits.n) }),
  z.object({ crv: member, kty: z.literal('EC'), x: member, y: member }),
  z.object({ crv: member, kty: z.literal('OKP'), x: member }),
]);

/** RFC 7518 section 3.3 and 4.3: at least 2048 bits; a longer one than 4096 makes us slow, and nobody safer. */
const hasSoundModulus = ({ asymmetricKeyDetails }: KeyObject): boolean => {
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= 2048 && bits <= 4096;
};

/**
 * The key of a JWK of someone else's, or undefined for one that is none: another type, a member that is not strictly
 * base64url, a point that is not on its curve, an RSA modulus of too few bits or too many. It does not look at use, key_ops and alg.
 */
export const importClientJwk = (jwk: object): KeyObject | undefined => {
  const members = publicMembers.safeParse(jwk).data;
  if (members === undefined) return undefined;
  const numbers =
    members.kty === 'RSA' ? [members.n, members.e] : members.kty === 'EC' ? [members.x, members.y] : [members.x];
  if (numbers.some((text) => decodeBase64url(text) === undefined)) return undefined;
  try {
    const key = createPublicKey({ key: members, format: 'jwk' });
    return members.kty !== 'RSA' || hasSoundModulus(key) ? key : undefined;
  } catch {
    return undefined;
  }
};

const signatureTypes: Readonly<Record<ClientSigningAlgorithm, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
};

const isOr = (value: unknown, ...allowed: readonly unknown[]): boolean =>
  value === undefined || allowed.includes(value);
const includesOr = (value: unknown, ...wanted: readonly unknown[]): boolean =>
  value === undefined || (Array.isArray(value) && value.some((item) => wanted.includes(item)));

/** Whether a key says that it may be used so: RFC 7517 sections 4.2 to 4.4. A member that is absent allows. */
export const allowsUse = (
  jwk: ClientJwk,
  use: { readonly use: 'sig' | 'enc'; readonly keyOps: readonly string[]; readonly alg: string },
): boolean => isOr(jwk.use, use.use) && includesOr(jwk.key_ops, ...use.keyOps) && isOr(jwk.alg, use.alg);

/** Whether a key is of the type, and on the curve, of an algorithm: RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2. */
export const isOfAlgorithm = (jwk: ClientJwk, alg: ClientSigningAlgorithm): boolean => {
  const type = signatureTypes[alg];
  return jwk.kty === type.kty && jwk.crv === type.crv;
};

/** RFC 7638 section 3 by SHA-256, in base64url. One key has one thumbprint, however its JWK was written. */
export const thumbprint = (key: KeyObject): string =>
  sha256Text(JSON.stringify(publicMembers.parse(key.export({ format: 'jwk' }))));
