import { z } from 'zod';
import { decodeBase64url } from './base64url.js';

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

/** The three parts of a JWS in compact serialisation (RFC 7515 section 7.1), of which nothing is verified. */
export interface ParsedJws<H> {
  readonly header: H;
  readonly claimsText: string;
  readonly signature: Uint8Array;
  /** What the signature is over: RFC 7515 section 5.1, step 5. */
  readonly signingInput: Uint8Array;
}

export type JwsParsing<H> =
  | { readonly ok: true; readonly jws: ParsedJws<H> }
  | { readonly ok: false; readonly fault: 'malformed' | 'critical_header' };

const numericDate = z.number().nonnegative();

/** The registered claims that a JWT may have (RFC 7519 section 4.1), each of its type where it is there. */
export const registeredClaims = {
  aud: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
  iat: numericDate.optional(),
} as const;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Base64url of UTF-8 of JSON, strictly; undefined for anything else. */
export const parseSegment = <T>(segment: string, schema: z.ZodType<T>): T | undefined => {
  const bytes = decodeBase64url(segment);
  if (bytes === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(utf8.decode(bytes))).data;
  } catch {
    return undefined;
  }
};

/** Takes a JWS apart: RFC 7515 section 5.2, steps 1 to 7. It does not look at the claims, nor choose a key. */
export const parseJws = <H extends object>(jwt: string, schema: z.ZodType<H>, limit: number): JwsParsing<H> => {
  const malformed = { ok: false, fault: 'malformed' } as const;
  if (jwt.length > limit) return malformed;
  const [headerText, claimsText, signatureText, ...more] = jwt.split('.');
  if (headerText === undefined || claimsText === undefined || signatureText === undefined || more.length > 0) {
    return malformed;
  }
  const header = parseSegment(headerText, schema);
  const signature = decodeBase64url(signatureText);
  if (header === undefined || signature === undefined) return malformed;
  // RFC 7515 section 4.1.11: we understand no extension.
  if ('crit' in header || 'b64' in header) return { ok: false, fault: 'critical_header' };
  const signingInput = Buffer.from(`${headerText}.${claimsText}`, 'ascii');
  return { ok: true, jws: { header, claimsText, signature, signingInput } };
};

/** A moment, and how far clocks may be apart: seconds. */
export interface Moment {
  /** NumericDate, seconds. */
  readonly now: number;
  /** Seconds of difference between clocks that are forgiven. */
  readonly tolerance?: number | undefined;
}

/** RFC 7519 section 4.1.4: the current date MUST be before exp. */
export const isExpired = (exp: number, { now, tolerance = 0 }: Moment): boolean => now >= exp + tolerance;

/** RFC 7519 section 4.1.5. */
export const isNotYetValid = (nbf: number | undefined, { now, tolerance = 0 }: Moment): boolean =>
  nbf !== undefined && now < nbf - tolerance;
