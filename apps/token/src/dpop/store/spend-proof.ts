import { statement, timestampOf } from '@signet/persistence';
import type { DpopProof } from '@signet/protocol';
import { z } from 'zod';

interface Spend {
  readonly tenantId: string;
  readonly proof: Pick<DpopProof, 'jkt' | 'issuedAt'>;
  /** SHA-256 of the proof's jti, base64url. */
  readonly proofIdHash: string;
}

/** A row for the first who brings a proof; none for everybody after, at whichever replica. */
export const spendProof = statement<Spend, unknown>({
  name: 'token.dpop-proof.spend',
  text: `insert into dpop_proof (tenant_id, jkt, jti_hash, issued_at) values ($1, $2, $3, ${timestampOf('$4')})
    on conflict do nothing returning true as first`,
  parameters: ({ tenantId, proof, proofIdHash }) => [
    tenantId,
    Buffer.from(proof.jkt, 'base64url'),
    Buffer.from(proofIdHash, 'base64url'),
    proof.issuedAt,
  ],
  row: z.object({ first: z.literal(true) }),
});
