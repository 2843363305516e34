import { z } from 'zod';
import type { ClientWithSecrets } from '../client.js';
import { isOfType } from '../client-jwt.js';
import type { ClientJwts } from '../client-jwt.js';
import { clientPolicy } from '../client-policy.js';
import { fromSeconds } from '../clock.js';
import type { Clock, Micros } from '../clock.js';
import type { Digests } from '../digests.js';
import { assertionAlgorithms } from './assertion-algorithms.js';
import { isAssertionAudience } from './assertion-audience.js';
import type { AssertionRecipients } from './assertion-audience.js';
import { assertionTimeFault } from './assertion-lifetime.js';

/** Remembers assertions until they expire, for all replicas. */
export interface SpentAssertions {
  /** One statement decides: false where this client has presented this `jti` with this `exp` before. */
  spend(assertion: {
    readonly clientId: string;
    readonly jtiHash: string;
    readonly expiresAt: Micros;
  }): Promise<boolean>;
}

/** What an endpoint needs to judge assertions. */
export interface ClientAssertions {
  readonly jwts: ClientJwts;
  readonly recipients: AssertionRecipients;
  readonly spent: SpentAssertions;
  readonly clock: Clock;
}

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).min(1).max(20)]),
  exp: z.number().positive().max(1e11),
  nbf: z.number().nonnegative().max(1e11).optional(),
  iat: z.number().nonnegative().max(1e11).optional(),
  jti: z.string().min(1),
});

/** RFC 8725 section 3.11: what a client signed for another purpose (a request object, a DPoP proof) does not authenticate it. */
const isAssertionType = (typ: string | undefined): boolean =>
  typ === undefined || isOfType(typ, ['jwt', 'client-authentication+jwt']);

/** A verified assertion, not yet spent. */
export interface SoundAssertion {
  readonly ok: true;
  /** The one-time part; the last step of the authentication, so that nobody but the client spends its `jti`. */
  spend(): Promise<boolean>;
}

/**
 * RFC 7521 section 4.2, RFC 7523 section 3 and OpenID Connect Core 1.0 section 9: what client_secret_jwt and private_key_jwt
 * share. `fault` names what was wrong, for the log alone. It does not check whether the client is enabled.
 */
export const verifyAssertion = async (
  assertion: string,
  client: ClientWithSecrets,
  { jwts, recipients, spent, clock }: ClientAssertions,
  digests: Digests,
): Promise<SoundAssertion | { readonly ok: false; readonly fault: string }> => {
  const fault = (name: string) => ({ ok: false as const, fault: `assertion_${name}` });
  const verdict = await jwts.verify({ jwt: assertion, client, algorithms: assertionAlgorithms(client) });
  if (!verdict.ok) return fault(verdict.fault);
  if (!isAssertionType(verdict.typ)) return fault('type');

  const parsed = claimsSchema.safeParse(verdict.claims);
  if (!parsed.success) return fault('claims');
  const { iss, sub, aud, jti, ...times } = parsed.data;
  const { clientId } = client;
  // OpenID Connect Core 1.0 section 9: both MUST be the client_id.
  if (iss !== clientId || sub !== clientId) return fault('subject');
  if (!isAssertionAudience(aud, recipients, clientPolicy(client).issuerAudienceAlone)) return fault('audience');
  const time = assertionTimeFault(times, clock.now());
  if (time !== undefined) return fault(time);

  const expiresAt = fromSeconds(times.exp);
  return { ok: true, spend: () => spent.spend({ clientId, jtiHash: digests.sha256(jti), expiresAt }) };
};
