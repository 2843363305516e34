import { codeRedeemed, codeReplayed, familyEnded, familyId, instanceId, newId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import type { AuthorizationCodeStore, CodeRedemption, CodeRedemptionResult } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import type { Floors } from '../floors/floors.js';
import { contextOf, type Exchange } from '../http/exchange.js';
import type { Refusals } from '../http/refusals.js';
import type { StatusPlaces } from '../status-lists/status-places.js';
import { explainCode, type CodeExplanation } from './store/explain-code.js';
import { redeemCode } from './store/redeem-code.js';

export interface GrantDeps {
  readonly database: Database;
  readonly events: Pick<EventFactory, 'make'>;
  readonly floors: Pick<Floors, 'apply'>;
  readonly refusals: Refusals;
  readonly places: Pick<StatusPlaces, 'reserve' | 'settle'>;
}

/** Codes as one request may spend them. */
export class CodeRedemptions implements AuthorizationCodeStore {
  /** Whether a refusal is recorded already, by the statement that found it or as a replay. */
  recorded = false;

  constructor(
    private readonly deps: GrantDeps,
    private readonly exchange: Exchange,
  ) {}

  async redeem(redemption: CodeRedemption): Promise<CodeRedemptionResult> {
    const { codeId, refreshable, tokenId } = redemption;
    const { tenant } = this.exchange;
    const [instance, family] = [newId(instanceId), newId(familyId)];
    const { database, places } = this.deps;
    const place = await places.reserve(tokenId);
    const redeemed = await database.first(redeemCode, {
      tenantId: tenant.id,
      redemption,
      instanceId: instance,
      familyId: family,
      lifetimes: tenant.policies.refresh,
      place,
      event: this.deps.events.make(codeRedeemed, {
        ...this.#about(redemption),
        aggregate: codeId,
        data: { instance, family: refreshable ? family : null, jti: tokenId },
      }),
    });
    const statusIndex = places.settle(place, redeemed?.listed === true);
    if (redeemed === undefined) return this.#explain(redemption);
    const { facts, epoch } = redeemed;
    if (!refreshable) return { outcome: 'redeemed', facts, statusIndex };
    return { outcome: 'redeemed', facts, statusIndex, refreshToken: { epoch, family, generation: 0 } };
  }

  async #explain(redemption: CodeRedemption): Promise<CodeRedemptionResult> {
    const { database, events, floors } = this.deps;
    const about = this.#about(redemption);
    const found = await database.first(explainCode, {
      tenantId: this.exchange.tenant.id,
      redemption,
      replayed: events.make(codeReplayed, { ...about, aggregate: redemption.codeId, data: { revoked: true } }),
      familyEnded: events.make(familyEnded, { ...about, data: {}, reason: 'code_replayed' }),
    });
    if (found === undefined) return { outcome: 'unknown' };
    if (found.floor !== undefined) floors.apply([found.floor]);
    if (found.replayed) this.recorded = true;
    else if (found.spent) await this.#recordForeignReplay(redemption);
    return resultOf(found);
  }

  /** Somebody else has the code, or the client's: worth knowing, and no reason to take anything from whom it belonged to. */
  async #recordForeignReplay({ client }: CodeRedemption): Promise<void> {
    this.recorded = true;
    const refusal = { client, data: { revoked: false }, reason: 'code_replayed' };
    await this.deps.refusals.record(codeReplayed, this.exchange, refusal);
  }

  #about({ client }: CodeRedemption) {
    return {
      tenantId: this.exchange.tenant.id,
      context: contextOf(this.exchange, client),
      client: client.clientId,
    };
  }
}

function resultOf(found: CodeExplanation): CodeRedemptionResult {
  if (found.replayed) return { outcome: 'replayed' };
  if (!found.own) return { outcome: 'mismatch', binding: 'client' };
  if (!found.sameUri) return { outcome: 'mismatch', binding: 'redirect_uri' };
  if (!found.verified) return { outcome: 'mismatch', binding: 'code_verifier' };
  if (!found.sameKey) return { outcome: 'mismatch', binding: 'dpop_jkt' };
  if (found.expired) return { outcome: 'expired' };
  if (found.dead) return { outcome: 'dead' };
  if (!found.registered) return { outcome: 'unregistered' };
  if (!found.withinResources) return { outcome: 'resource' };
  // The client has changed since the copy that authenticated it was read: the same request may be sent again.
  throw new MeshError('unavailable', 'the copy of the client is not recent enough');
}
