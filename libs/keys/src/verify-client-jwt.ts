import { createHmac, timingSafeEqual } from 'node:crypto';
import { clientSigningAlgorithmSchema, isOfType, macAlgorithmSchema } from '@signet/protocol';
import type { ClientJwks, ClientSigningAlgorithm, MacAlgorithm } from '@signet/protocol';
import { z } from 'zod';
import { allowsUse, importClientJwk, isOfAlgorithm } from './client-jwk.js';
import type { ClientJwk } from './client-jwk.js';
import { parseJws, parseSegment, registeredClaims } from './jws.js';
import type { JwtFault, ParsedJws } from './jws.js';
import { verifyBytes } from './signature.js';

/** In characters: what the body of a request may have. */
export const CLIENT_JWT_LIMIT = 64 * 1024;

/** `key_header`: the header brings or points to a key of its own. `weak_key`: the key is too short or too long, or is none. */
export type ClientJwtFault =
  Exclude<JwtFault, 'issuer' | 'audience' | 'expired' | 'not_yet_valid'> | 'key_header' | 'weak_key';

const headerSchema = z.looseObject({
  alg: z.string(),
  kid: z.string().max(256).optional(),
  typ: z.string().max(64).optional(),
});
const claimsSchema = z.looseObject({
  iss: z.string().optional(),
  sub: z.string().optional(),
  jti: z.string().optional(),
  ...registeredClaims,
});

export type ClientJwtHeader = Readonly<z.infer<typeof headerSchema>>;
export type ClientJwtClaims = Readonly<z.infer<typeof claimsSchema>>;

export type ClientJwtVerification =
  | { readonly ok: true; readonly header: ClientJwtHeader; readonly claims: ClientJwtClaims }
  | { readonly ok: false; readonly fault: ClientJwtFault };

export interface ClientJwtExpectation {
  readonly jwt: string;
  /**
   * The media types that the header's `typ` may name, as `isOfType` compares them: in lower case, without `application/` (RFC 7515 section 4.1.9).
   * Absent where the specification asks for no `typ`, as for client assertions (RFC 7523): the header's is not judged then, and may be missing.
   */
  readonly typ?: readonly string[] | undefined;
}

const fault = (reason: ClientJwtFault) => ({ ok: false, fault: reason }) as const;

type Parsing = { readonly ok: true; readonly jws: ParsedJws<ClientJwtHeader> } | ReturnType<typeof fault>;

/** What is judged before any key is looked for. `embedded`: the header may carry the key (RFC 9449 section 4.2). */
export const parseClientJws = ({ jwt, typ }: Pick<ClientJwtExpectation, 'jwt' | 'typ'>, embedded?: 'jwk'): Parsing => {
  const parsed = parseJws(jwt, headerSchema, CLIENT_JWT_LIMIT);
  if (!parsed.ok) return parsed;
  const { header } = parsed.jws;
  // RFC 8725 section 3.10: keys come from the registration, never from where the sender points.
  const foreign = ['jku', 'x5u', 'x5c', 'jwk'].some((name) => name !== embedded && Object.hasOwn(header, name));
  if (foreign) return fault('key_header');
  if (typ !== undefined && (header.typ === undefined || !isOfType(header.typ, typ))) return fault('type');
  return parsed;
};

/** Keys of one client that a JWT may be tried against: what a rotation has at once. Each try holds up the event loop. */
const CANDIDATE_LIMIT = 5;

/** The claims of a JWS whose signature holds, each of its type. */
export const readClientClaims = ({ header, claimsText }: ParsedJws<ClientJwtHeader>): ClientJwtVerification => {
  const claims = parseSegment(claimsText, claimsSchema);
  return claims === undefined ? fault('malformed') : { ok: true, header, claims };
};

/** RFC 7515 section 6 and OpenID Connect Core 1.0 section 10.1: by kid where there is one, and by what the key is for. */
const candidates = (
  keys: readonly ClientJwk[],
  kid: string | undefined,
  alg: ClientSigningAlgorithm,
): readonly ClientJwk[] =>
  keys.filter(
    (key) =>
      isOfAlgorithm(key, alg) &&
      allowsUse(key, { use: 'sig', keyOps: ['verify'], alg }) &&
      (kid === undefined || key.kid === kid),
  );

/**
 * Verifies a JWT that a client signed with a key of its set: RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725. A
 * result, never a throw, for whatever `jwt` and `keys` hold. After `unknown_key` a set that was fetched may be out of date.
 *
 * It checks no claim, exp and nbf included: what must hold differs from use to use, and is the caller's.
 */
export const verifyClientJwt = (
  expected: ClientJwtExpectation & {
    readonly keys: ClientJwks['keys'];
    readonly algorithms: readonly ClientSigningAlgorithm[];
  },
): ClientJwtVerification => {
  const parsed = parseClientJws(expected);
  if (!parsed.ok) return parsed;
  const { header, signature, signingInput } = parsed.jws;
  // RFC 8725 section 3.1: the verifier chooses the algorithms, by their names; `none` and MACs are not among them.
  const alg = clientSigningAlgorithmSchema.safeParse(header.alg).data;
  if (alg === undefined || !expected.algorithms.includes(alg)) return fault('algorithm');
  const found = candidates(expected.keys, header.kid, alg);
  // OpenID Connect Core 1.0 section 10.1: where there are several keys, a kid MUST say which.
  if (found.length === 0 || found.length > CANDIDATE_LIMIT) return fault('unknown_key');
  const keys = found.map(importClientJwk).filter((key) => key !== undefined);
  if (keys.length === 0) return fault('weak_key');
  if (keys.some((key) => verifyBytes(alg, key, signingInput, signature))) return readClientClaims(parsed.jws);
  // Without a kid nothing tells a wrong signature from one by a key that is not in the set.
  return fault(header.kid === undefined ? 'unknown_key' : 'signature');
};

const macHashes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const satisfies Record<MacAlgorithm, string>;

/**
 * Verifies a JWT with a MAC by a client's secret: client_secret_jwt, OpenID Connect Core 1.0 section 9. The key is the
 * UTF-8 of the secret (section 10.1). It checks what `verifyClientJwt` checks, and leaves out what that leaves out.
 */
export const verifyMacJwt = (
  expected: ClientJwtExpectation & { readonly secret: string; readonly algorithms: readonly MacAlgorithm[] },
): ClientJwtVerification => {
  const parsed = parseClientJws(expected);
  if (!parsed.ok) return parsed;
  const { header, signature, signingInput } = parsed.jws;
  const alg = macAlgorithmSchema.safeParse(header.alg).data;
  if (alg === undefined || !expected.algorithms.includes(alg)) return fault('algorithm');
  const key = Buffer.from(expected.secret, 'utf8');
  const mac = createHmac(macHashes[alg], key).update(signingInput).digest();
  // RFC 7518 section 3.2: a key of the same size as the hash output or larger MUST be used.
  if (key.length < mac.length) return fault('weak_key');
  // RFC 7518 section 3.2: the comparison MUST be done in a constant-time manner.
  if (signature.length !== mac.length || !timingSafeEqual(signature, mac)) return fault('signature');
  return readClientClaims(parsed.jws);
};

/**
 * Reads an unsecured JWT (RFC 7519 section 6.1): a request object of a client that registered `none` (OpenID Connect Core
 * 1.0 section 6.1). Nothing vouches for what it holds; nothing that authenticates is ever read by this.
 */
export const readUnsecuredJwt = (expected: ClientJwtExpectation): ClientJwtVerification => {
  const parsed = parseClientJws(expected);
  if (!parsed.ok) return parsed;
  const { header, signature } = parsed.jws;
  if (header.alg !== 'none') return fault('algorithm');
  // RFC 7518 section 3.6: the signature is the empty octet sequence.
  if (signature.length > 0) return fault('signature');
  return readClientClaims(parsed.jws);
};

/**
 * What a JWS of a client claims, to find whose it says that it is. Nothing of it is verified: use it for the look-up alone,
 * and pass the whole to `verifyClientJwt` or `verifyMacJwt`.
 */
export const unverifiedClientClaims = (jwt: string): ClientJwtClaims | undefined => {
  const parsed = parseClientJws({ jwt });
  return parsed.ok ? parseSegment(parsed.jws.claimsText, claimsSchema) : undefined;
};
