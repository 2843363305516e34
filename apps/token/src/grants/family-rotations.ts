import { familyRepeated, familyReused, familyRotated } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { FamilyRotation, FamilyRotationResult, RefreshFamilyStore } from '@signet/protocol';
import { contextOf, type Exchange } from '../http/exchange.js';
import type { GrantDeps } from './code-redemptions.js';
import { explainFamily } from './store/explain-family.js';
import { rotateFamily } from './store/rotate-family.js';

/** Refresh families as one request may move them on. */
export class FamilyRotations implements RefreshFamilyStore {
  /** Whether a refusal is recorded already, by the statement that found it. */
  recorded = false;

  constructor(
    private readonly deps: GrantDeps,
    private readonly exchange: Exchange,
  ) {}

  async rotate(rotation: FamilyRotation): Promise<FamilyRotationResult> {
    const { database, events, floors, places } = this.deps;
    const { tenant } = this.exchange;
    const { client, presented, tokenId } = rotation;
    const about = {
      tenantId: tenant.id,
      context: contextOf(this.exchange, client),
      client: client.clientId,
      aggregate: presented.family,
    };
    const place = await places.reserve(tokenId);
    const moved = await database.first(rotateFamily, {
      tenantId: tenant.id,
      rotation,
      idle: tenant.policies.refresh.idle,
      place,
      rotated: events.make(familyRotated, { ...about, data: { jti: tokenId } }),
      repeated: events.make(familyRepeated, { ...about, data: { jti: tokenId } }),
      reused: events.make(familyReused, { ...about, data: { presented: presented.generation } }),
    });
    const statusIndex = places.settle(place, moved?.listed === true);
    if (moved === undefined) return this.#explain(rotation);
    if (moved.floor !== undefined) floors.apply([moved.floor]);
    if (moved.outcome === 'reused') {
      this.recorded = true;
      return { outcome: 'reused' };
    }
    const { facts, epoch, generation, outcome } = moved;
    return { outcome, facts, statusIndex, refreshToken: { epoch, family: presented.family, generation } };
  }

  async #explain(rotation: FamilyRotation): Promise<FamilyRotationResult> {
    const tenantId = this.exchange.tenant.id;
    const found = await this.deps.database.first(explainFamily, { tenantId, rotation });
    if (found === undefined) return { outcome: 'unknown' };
    if (!found.sameKey) return { outcome: 'key' };
    if (found.ended) return { outcome: 'ended' };
    if (found.expired) return { outcome: 'expired' };
    if (found.dead) return { outcome: 'dead' };
    if (!found.registered) return { outcome: 'unregistered' };
    if (!found.withinScopes) return { outcome: 'scope' };
    if (!found.withinResources) return { outcome: 'resource' };
    // The client has changed since the copy that authenticated it was read: the same request may be sent again.
    throw new MeshError('unavailable', 'the copy of the client is not recent enough');
  }
}
