import { instanceId, newId, tokenIssued } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { ClientCredentialsIssue, ClientCredentialsResult, ClientCredentialsStore } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import type { Floors } from '../floors/floors.js';
import { contextOf, type Exchange } from '../http/exchange.js';

/**
 * Tokens that a client gets for itself. There is nobody whose rights were read: they count from when the last good poll for floors
 * began, so a floor that this replica has not seen yet ends them.
 */
export class OwnTokens implements ClientCredentialsStore {
  constructor(
    private readonly deps: {
      readonly database: Pick<Database, 'record'>;
      readonly events: Pick<EventFactory, 'make'>;
      readonly floors: Floors;
    },
    private readonly exchange: Exchange,
  ) {}

  async record({ client, scopes, audience, tokenId }: ClientCredentialsIssue): Promise<ClientCredentialsResult> {
    const { database, events, floors } = this.deps;
    const { tenant } = this.exchange;
    const since = await floors.since();
    const dead = await floors.deadBy({ tenantId: tenant.id, clientId: client.clientId, since });
    if (dead !== undefined) return { outcome: 'dead' };
    await database.record(
      events.make(tokenIssued, {
        tenantId: tenant.id,
        aggregate: tokenId,
        context: contextOf(this.exchange, client),
        client: client.clientId,
        data: { jti: tokenId, scopes: [...scopes], audience: [...audience] },
      }),
    );
    return { outcome: 'recorded', instance: newId(instanceId), since };
  }
}
