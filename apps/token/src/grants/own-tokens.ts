import { instanceId, newId, tokenIssued, type Micros } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { Client, ClientCredentialsIssue, ClientCredentialsResult, ClientCredentialsStore } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import type { Floors } from '../floors/floors.js';
import { contextOf, type Exchange } from '../http/exchange.js';
import type { ListedTokens } from '../status-lists/listed-tokens.js';
import type { StatusPlaces } from '../status-lists/status-places.js';

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
      readonly places: Pick<StatusPlaces, 'reserveFor'>;
      readonly listed: Pick<ListedTokens, 'record'>;
    },
    private readonly exchange: Exchange,
  ) {}

  async record({ client, scopes, audience, tokenId }: ClientCredentialsIssue): Promise<ClientCredentialsResult> {
    const { database, events, floors, places, listed } = this.deps;
    const { tenant } = this.exchange;
    // A floor that was raised here a moment ago is known before a poll has begun after it: what is past is past.
    const since = (await this.#livingSince(client)) ?? (await floors.pollAnew(), await this.#livingSince(client));
    if (since === undefined) return { outcome: 'dead' };
    const event = events.make(tokenIssued, {
      tenantId: tenant.id,
      aggregate: tokenId,
      context: contextOf(this.exchange, client),
      client: client.clientId,
      data: { jti: tokenId, scopes: [...scopes], audience: [...audience] },
    });
    const instance = newId(instanceId);
    const place = await places.reserveFor(audience, tokenId);
    if (place === undefined) await database.record(event);
    else await listed.record({ tenantId: tenant.id, place, instance, clientId: client.clientId, since, event });
    return { outcome: 'recorded', instance, since, statusIndex: place?.index };
  }

  async #livingSince({ clientId }: Client): Promise<Micros | undefined> {
    const since = await this.deps.floors.since();
    const dead = await this.deps.floors.deadBy({ tenantId: this.exchange.tenant.id, clientId, since });
    return dead === undefined ? since : undefined;
  }
}
