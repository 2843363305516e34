import { revocationRaised, type EventContext, type Floor } from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import { tenantKey } from './dead.js';
import type { Floors } from './floors.js';
import type { FloorStore } from './store/floor-store.js';
import { raiseTimed, type Raise } from './store/raise.js';

/** Commits revocation floors: for the owners of what is taken away, and for a client that gives a token back. */
export class Revocations {
  constructor(
    private readonly deps: {
      readonly store: Pick<FloorStore, 'raise'>;
      readonly events: Pick<EventFactory, 'make'>;
      readonly floors: Pick<Floors, 'apply'>;
    },
  ) {}

  /** Resolves once they are committed and dated, and known to this replica; the others see them within a second. */
  async raise(floors: readonly Floor[], context: EventContext): Promise<void> {
    const rows = await this.deps.store.raise(
      floors.map((floor) => Revocations.raiseOf(floor, context, this.deps.events)),
    );
    this.deps.floors.apply(rows);
  }

  /** The floor of an account, a client or a tenant, within a transaction; `raise` of the same one, after the commit, dates it. */
  async commitIn(tx: Pick<Transaction, 'execute'>, floor: Floor, context: EventContext): Promise<void> {
    await tx.execute(raiseTimed, [Revocations.raiseOf(floor, context, this.deps.events)]);
  }

  static raiseOf(floor: Floor, context: EventContext, events: Pick<EventFactory, 'make'>): Raise {
    const { raiseId, tenantId, kind, reason } = floor;
    const key = keyOf(floor);
    const spare = floor.kind === 'account' ? floor.spare : undefined;
    return {
      raiseId,
      tenantId,
      kind,
      key,
      reason,
      ...('expiresAt' in floor && { expiresAt: floor.expiresAt }),
      ...('version' in floor && { version: floor.version }),
      ...(spare !== undefined && { spare }),
      event: events.make(revocationRaised, {
        tenantId,
        context,
        reason,
        data: {
          kind,
          key,
          raise: raiseId,
          ...('version' in floor && { version: floor.version }),
          ...(spare !== undefined && { spared: spare.sessionId }),
        },
        ...('accountId' in floor && { account: floor.accountId }),
        ...('clientId' in floor && { client: floor.clientId }),
        ...('sessionId' in floor && { session: floor.sessionId }),
      }),
    };
  }
}

/** What a floor of its kind lies over, as the table's key. */
function keyOf(floor: Floor): string {
  switch (floor.kind) {
    case 'token':
      return floor.jti;
    case 'instance':
      return floor.instanceId;
    case 'session':
      return floor.sessionId;
    case 'grant':
      return floor.grantId;
    case 'account':
    case 'account_version':
      return floor.accountId;
    case 'client':
    case 'client_version':
      return floor.clientId;
    case 'tenant':
    case 'tenant_version':
    case 'authority_version':
      return tenantKey;
  }
}
