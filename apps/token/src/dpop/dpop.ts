import type { Tenant } from '@signet/contracts';
import { digests, keyedMac, verifyDpopProof, type Keyring } from '@signet/keys';
import type { Database, DatabaseClock } from '@signet/persistence';
import { clientSigningAlgorithms, dpopNonces, type DpopDeps, type DpopNonces } from '@signet/protocol';
import type { HttpReply } from '@signet/service';
import { spendProof } from './store/spend-proof.js';

/** RFC 9449, as the endpoints of a tenant judge proofs by it. */
export class Dpop {
  constructor(
    private readonly deps: {
      readonly database: Pick<Database, 'first'>;
      readonly keyring: Keyring;
      readonly clock: Pick<DatabaseClock, 'now'>;
    },
  ) {}

  at(tenant: Pick<Tenant, 'id'>): DpopDeps {
    const { database, clock } = this.deps;
    return {
      signatures: { verify: (proof) => verifyDpopProof({ proof, algorithms: clientSigningAlgorithms }) },
      nonces: this.#noncesOf(tenant),
      replays: {
        spend: async (proof) => {
          const spend = { tenantId: tenant.id, proof, proofIdHash: digests.sha256(proof.proofId) };
          return (await database.first(spendProof, spend)) !== undefined;
        },
      },
      digests,
      clock,
    };
  }

  /** RFC 9449 section 8.2: whoever uses proofs is told the current nonce by every answer, and so before the last one ends. */
  tellNonce(reply: HttpReply, tenant: Pick<Tenant, 'id'>, proofs: readonly string[]): void {
    if (proofs.length > 0) void reply.header('DPoP-Nonce', this.#noncesOf(tenant).current());
  }

  #noncesOf({ id }: Pick<Tenant, 'id'>): DpopNonces {
    const { keyring, clock } = this.deps;
    return dpopNonces(id, { mac: keyedMac(keyring, 'dpop'), digests, clock });
  }
}
