import { signingAlgorithmSchema } from '@signet/protocol';
import type { SigningAlgorithm } from '@signet/protocol';
import { z } from 'zod';
import { decodeBase64url } from './base64url.js';
import type { VerificationKey } from './jwk.js';
import { verifyBytes } from './signature.js';

/** In characters. Our own tokens have less than a quarter of it. */
export const JWT_LIMIT = 16 * 1024;

export type JwtFault =
  | 'malformed'
  | 'critical_header'
  | 'algorithm'
  | 'type'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid';

export type JwtClaims = Readonly<Record<string, unknown>>;

export type JwtVerification =
  | { readonly ok: true; readonly kid: string; readonly alg: SigningAlgorithm; readonly claims: JwtClaims }
  | { readonly ok: false; readonly fault: JwtFault };

export interface JwtExpectation {
  readonly jwt: string;
  /** Only keys that may have signed a token of this class, for this issuer. */
  readonly keys: (kid: string, alg: SigningAlgorithm) => VerificationKey | undefined;
  /** Compared exactly: each class of token has its own (RFC 8725 section 3.11). */
  readonly typ: string;
  readonly issuer: string;
  readonly algorithms: readonly SigningAlgorithm[];
  /** Where given, one of `aud` must be it. Where not, the caller judges `aud`. */
  readonly audience?: string;
  /** NumericDate, seconds. */
  readonly now: number;
  /** Seconds of difference between clocks that are forgiven. */
  readonly tolerance?: number;
  /** For an id_token_hint: `exp` may be past, or absent (OpenID Connect RP-Initiated Logout 1.0 section 4). */
  readonly ignoreExpiry?: boolean;
}

const headerSchema = z.looseObject({ alg: z.string(), kid: z.string().min(1).max(256), typ: z.string().max(64) });

const numericDate = z.number().nonnegative();
const claimsSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
  iat: numericDate.optional(),
});

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const parseSegment = <T>(segment: string, schema: z.ZodType<T>): T | undefined => {
  const bytes = decodeBase64url(segment);
  if (bytes === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(utf8.decode(bytes))).data;
  } catch {
    return undefined;
  }
};

const fault = (reason: JwtFault): JwtVerification => ({ ok: false, fault: reason });

/**
 * Verifies a JWT: RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725. A result, never a throw, for whatever `jwt` holds.
 * It does not check sub, jti, client_id or any claim but iss, aud, exp, nbf; nor whether the token has been revoked.
 */
export const verifyJwt = (expected: JwtExpectation): JwtVerification => {
  const { jwt, now, tolerance = 0 } = expected;
  if (jwt.length > JWT_LIMIT) return fault('malformed');
  const [headerText, claimsText, signatureText, ...more] = jwt.split('.');
  if (headerText === undefined || claimsText === undefined || signatureText === undefined || more.length > 0) {
    return fault('malformed');
  }
  const header = parseSegment(headerText, headerSchema);
  const signature = decodeBase64url(signatureText);
  if (header === undefined || signature === undefined) return fault('malformed');
  // RFC 7515 section 4.1.11: we understand no extension.
  if ('crit' in header || 'b64' in header) return fault('critical_header');
  // RFC 8725 section 3.1: the verifier chooses the algorithms; `none` is not among them.
  const alg = signingAlgorithmSchema.safeParse(header.alg).data;
  if (alg === undefined || !expected.algorithms.includes(alg)) return fault('algorithm');
  if (header.typ !== expected.typ) return fault('type');

  const key = expected.keys(header.kid, alg);
  if (key === undefined || key.kid !== header.kid || key.alg !== alg) return fault('unknown_key');
  const signingInput = Buffer.from(`${headerText}.${claimsText}`, 'ascii');
  if (!verifyBytes(alg, key.publicKey, signingInput, signature)) return fault('signature');

  const claims = parseSegment(claimsText, claimsSchema);
  if (claims === undefined) return fault('malformed');
  if (claims.iss !== expected.issuer) return fault('issuer');
  if (expected.audience !== undefined && ![claims.aud].flat().includes(expected.audience)) return fault('audience');
  // RFC 7519 section 4.1.4: the current date MUST be before exp.
  const expired = claims.exp === undefined || now >= claims.exp + tolerance;
  if (expired && expected.ignoreExpiry !== true) return fault('expired');
  if (claims.nbf !== undefined && now < claims.nbf - tolerance) return fault('not_yet_valid');
  return { ok: true, kid: header.kid, alg, claims };
};

/**
 * The `kid` that a JWT claims for itself, to fetch a key that is not at hand. Nothing of it is verified: use it for the
 * look-up alone, and pass the whole to `verifyJwt`.
 */
export const unverifiedKeyId = (jwt: string): string | undefined =>
  jwt.length > JWT_LIMIT ? undefined : parseSegment(jwt.split('.', 1)[0] ?? '', headerSchema)?.kid;
