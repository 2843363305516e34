import { numericDate, type Tenant } from '@signet/contracts';
import { unverifiedKeyId, verifyJwt } from '@signet/keys';
import type { DatabaseClock } from '@signet/persistence';
import { signingAlgorithms, type Client, type IdTokenHints } from '@signet/protocol';
import { z } from 'zod';
import type { KeySets } from '../keys/key-sets.js';

const claimsOfHint = z.object({ sub: z.string(), aud: z.union([z.string(), z.tuple([z.string()])]) });

/** ID tokens that come back as hints in a pushed request, by the keys that are here. */
export class OwnHints implements IdTokenHints {
  constructor(
    private readonly keys: Pick<KeySets, 'verificationKey'>,
    private readonly tenant: Pick<Tenant, 'id' | 'issuer'>,
    private readonly clock: Pick<DatabaseClock, 'now'>,
  ) {}

  async subjectOf(hint: string, { clientId }: Client): Promise<string | undefined> {
    const kid = unverifiedKeyId(hint);
    const key = kid === undefined ? undefined : await this.keys.verificationKey(this.tenant.id, kid);
    const verified = verifyJwt({
      jwt: hint,
      keys: () => key,
      typ: 'JWT',
      issuer: this.tenant.issuer,
      algorithms: signingAlgorithms,
      now: numericDate(this.clock.now()),
      ignoreExpiry: true,
    });
    const claims = verified.ok ? claimsOfHint.safeParse(verified.claims).data : undefined;
    return claims !== undefined && [claims.aud].flat().includes(clientId) ? claims.sub : undefined;
  }
}
