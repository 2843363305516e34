import { signingAlgorithmSchema } from '@signet/protocol';
import type { SigningAlgorithm } from '@signet/protocol';
import { z } from 'zod';
import type { VerificationKey } from './jwk.js';
import { JWT_LIMIT, isExpired, isNotYetValid, parseJws, parseSegment, registeredClaims } from './jws.js';
import type { JwtClaims, JwtFault, Moment } from './jws.js';
import { verifyBytes } from './signature.js';

export type JwtVerification =
  | { readonly ok: true; readonly kid: string; readonly alg: SigningAlgorithm; readonly claims: JwtClaims }
  | { readonly ok: false; readonly fault: JwtFault };

export interface JwtExpectation extends Moment {
  readonly jwt: string;
  /** Only keys that may have signed a token of this class, for this issuer. */
  readonly keys: (kid: string, alg: SigningAlgorithm) => VerificationKey | undefined;
  /** Compared exactly: each class of token has its own (RFC 8725 section 3.11). */
  readonly typ: string;
  readonly issuer: string;
  readonly algorithms: readonly SigningAlgorithm[];
  /** Where given, one of `aud` must be it. Where not, the caller judges `aud`. */
  readonly audience?: string;
  /** For an id_token_hint: `exp` may be past, or absent (OpenID Connect RP-Initiated Logout 1.0 section 4). */
  readonly ignoreExpiry?: boolean;
}

const headerSchema = z.looseObject({ alg: z.string(), kid: z.string().min(1).max(256), typ: z.string().max(64) });
const claimsSchema = z.looseObject({ iss: z.string(), ...registeredClaims });

const fault = (reason: JwtFault): JwtVerification => ({ ok: false, fault: reason });

/**
 * Verifies a JWT of our own: RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725. A result, never a throw, for whatever
 * `jwt` holds. It does not check sub, jti, client_id or any claim but iss, aud, exp, nbf; nor whether the token has been
 * revoked.
 */
export const verifyJwt = (expected: JwtExpectation): JwtVerification => {
  const parsed = parseJws(expected.jwt, headerSchema, JWT_LIMIT);
  if (!parsed.ok) return parsed;
  const { header, claimsText, signature, signingInput } = parsed.jws;
  // RFC 8725 section 3.1: the verifier chooses the algorithms; `none` is not among them.
  const alg = signingAlgorithmSchema.safeParse(header.alg).data;
  if (alg === undefined || !expected.algorithms.includes(alg)) return fault('algorithm');
  if (header.typ !== expected.typ) return fault('type');

  const key = expected.keys(header.kid, alg);
  if (key === undefined || key.kid !== header.kid || key.alg !== alg) return fault('unknown_key');
  if (!verifyBytes(alg, key.publicKey, signingInput, signature)) return fault('signature');

  const claims = parseSegment(claimsText, claimsSchema);
  if (claims === undefined) return fault('malformed');
  if (claims.iss !== expected.issuer) return fault('issuer');
  if (expected.audience !== undefined && ![claims.aud].flat().includes(expected.audience)) return fault('audience');
  const expired = claims.exp === undefined || isExpired(claims.exp, expected);
  if (expired && expected.ignoreExpiry !== true) return fault('expired');
  if (isNotYetValid(claims.nbf, expected)) return fault('not_yet_valid');
  return { ok: true, kid: header.kid, alg, claims };
};

/**
 * The `kid` that a JWT claims for itself, to fetch a key that is not at hand. Nothing of it is verified: use it for the
 * look-up alone, and pass the whole to `verifyJwt`.
 */
export const unverifiedKeyId = (jwt: string): string | undefined =>
  jwt.length > JWT_LIMIT ? undefined : parseSegment(jwt.split('.', 1)[0] ?? '', headerSchema)?.kid;
