import { z } from 'zod';
import type { Client } from '../client.js';
import { clientPolicy } from '../client-policy.js';
import { toSeconds } from '../clock.js';
import type { Micros } from '../clock.js';

/** Seconds that clocks may differ by. */
const tolerance = 60;
/** Seconds between nbf and exp, at most, where the policy dates request objects. */
const datedLifetime = 3_600;

const numericDate = z.number().nonnegative().max(1e11);
const schema = z.object({
  iss: z.string().optional(),
  sub: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
  iat: numericDate.optional(),
});
type Times = Pick<z.infer<typeof schema>, 'exp' | 'nbf' | 'iat'>;

const timeFault = ({ exp, nbf, iat }: Times, now: number): string | undefined => {
  if (exp !== undefined && now >= exp + tolerance) return 'The request object has expired';
  const begins = Math.max(nbf ?? 0, iat ?? 0);
  return begins > now + tolerance ? 'The request object is not valid yet' : undefined;
};

/** FAPI 2.0 Message Signing section 5.3.1, items 3 to 6. */
const datedFault = ({ exp, nbf }: Times, now: number): string | undefined => {
  if (exp === undefined || nbf === undefined) return 'The request object has no exp or no nbf';
  const tooLong = exp - nbf > datedLifetime || now - nbf > datedLifetime;
  return tooLong ? 'The request object is valid for more than an hour' : undefined;
};

/**
 * What is wrong with the JWT claims of a verified request object, or undefined: RFC 9101 sections 4 and 10.8, RFC 7519
 * section 4.1. iss and aud need not be there (OpenID Connect Core 1.0 section 6.1 has them SHOULD), save where the client's
 * policy says so; each that is there must be right.
 */
export const objectClaimsFault = (
  claims: Readonly<Record<string, unknown>>,
  { client, issuer, now }: { readonly client: Client; readonly issuer: string; readonly now: Micros },
): string | undefined => {
  const parsed = schema.safeParse(claims);
  if (!parsed.success) return 'A claim of the request object is not of its type';
  const { iss, sub, aud, ...times } = parsed.data;
  const { clientId } = client;
  if (iss !== undefined && iss !== clientId) return 'The issuer of the request object is not the client';
  // RFC 9101 section 10.8: with the client as its subject it could be taken for an assertion of the client.
  if (sub === clientId) return 'The subject of the request object is the client';
  if (aud !== undefined && ![aud].flat().includes(issuer)) return 'The request object is for another server';
  const seconds = toSeconds(now);
  const time = timeFault(times, seconds);
  if (time !== undefined || !clientPolicy(client).datedRequestObject) return time;
  if (iss === undefined || aud === undefined) return 'The request object has no iss or no aud';
  return datedFault(times, seconds);
};
