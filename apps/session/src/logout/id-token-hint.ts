import { numericDate, type Micros, type Tenant } from '@signet/contracts';
import { verifyJwt, type VerificationKey } from '@signet/keys';
import type { HintFacts } from '@signet/protocol';
import { z } from 'zod';

const hintClaims = z.object({
  sub: z.string(),
  aud: z.union([z.string(), z.tuple([z.string()])]).transform((aud) => (typeof aud === 'string' ? aud : aud[0])),
  sid: z.string().optional(),
});

/**
 * What an id_token_hint says, if it is an ID token of this tenant: any expiry, any key that it ever published (OpenID Connect RP-Initiated Logout
 * section 2). Anything else is no hint at all, and the person is asked.
 */
export function readHint(
  hint: string | undefined,
  tenant: Pick<Tenant, 'issuer'>,
  keys: ReadonlyMap<string, VerificationKey>,
  now: Micros,
): HintFacts | 'none' {
  if (hint === undefined) return 'none';
  const verified = verifyJwt({
    jwt: hint,
    keys: (kid) => keys.get(kid),
    typ: 'JWT',
    issuer: tenant.issuer,
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    now: numericDate(now),
    ignoreExpiry: true,
  });
  const claims = verified.ok ? hintClaims.safeParse(verified.claims) : undefined;
  if (!claims?.success) return 'none';
  const { aud, sid, ...named } = claims.data;
  return { ...named, clientId: aud, ...(sid !== undefined && { sid }) };
}
