import {
  deviceRedeemed,
  deviceReplayed,
  familyEnded,
  familyId,
  instanceId,
  newId,
  type Micros,
} from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { DeviceCodeStore, DevicePoll, DevicePollResult } from '@signet/protocol';
import type { GrantDeps } from '../grants/code-redemptions.js';
import { contextOf, type Exchange } from '../http/exchange.js';
import { explainPoll } from './store/explain-poll.js';
import { pollDevice } from './store/poll-device.js';

/** Device codes as one request may poll them. */
export class DevicePolls implements DeviceCodeStore {
  /** Whether a refusal is recorded already, as a replay. */
  recorded = false;

  constructor(
    private readonly deps: Pick<GrantDeps, 'database' | 'events' | 'floors' | 'places'>,
    private readonly exchange: Exchange,
  ) {}

  async poll(poll: DevicePoll): Promise<DevicePollResult> {
    const { tenant } = this.exchange;
    const [instance, family] = [newId(instanceId), newId(familyId)];
    const { database, places } = this.deps;
    const place = await places.reserve(poll.tokenId);
    const polled = await database.first(pollDevice, {
      tenantId: tenant.id,
      poll,
      instanceId: instance,
      familyId: family,
      lifetimes: tenant.policies.refresh,
      place,
      redeemed: this.deps.events.make(deviceRedeemed, {
        ...this.#about(poll),
        data: { instance, family: poll.refreshable ? family : null, jti: poll.tokenId },
      }),
    });
    const statusIndex = places.settle(place, polled?.redemption?.listed === true);
    if (polled === undefined) throw new MeshError('internal', 'a poll was not answered');
    if (polled.outcome === undefined) return { outcome: await this.#explain(poll, polled.began) };
    if (polled.redemption !== undefined) {
      const { facts, epoch } = polled.redemption;
      return {
        outcome: 'redeemed',
        facts,
        statusIndex,
        ...(poll.refreshable && { refreshToken: { epoch, family, generation: 0 } }),
      };
    }
    switch (polled.outcome) {
      case 'redeemed':
        throw new MeshError('internal', 'a device was redeemed for nothing');
      case 'stale':
        // The client has changed since the copy that authenticated it was read: the same request may be sent again.
        throw new MeshError('unavailable', 'the copy of the client is not recent enough');
      default:
        return { outcome: polled.outcome };
    }
  }

  async #explain(poll: DevicePoll, began: Micros): Promise<'replayed' | 'spent' | 'unknown'> {
    const { database, events, floors } = this.deps;
    const { aggregate, ...about } = this.#about(poll);
    const found = await database.first(explainPoll, {
      tenantId: this.exchange.tenant.id,
      poll,
      began,
      replayed: events.make(deviceReplayed, { ...about, aggregate, data: {} }),
      familyEnded: events.make(familyEnded, { ...about, data: {}, reason: 'device_code_replayed' }),
    });
    if (found === undefined) return 'unknown';
    if (found.floor !== undefined) floors.apply([found.floor]);
    this.recorded = found.replayed;
    return found.replayed ? 'replayed' : 'spent';
  }

  #about({ client, deviceCodeId }: Pick<DevicePoll, 'client' | 'deviceCodeId'>) {
    return {
      tenantId: this.exchange.tenant.id,
      context: contextOf(this.exchange, client),
      client: client.clientId,
      aggregate: deviceCodeId,
    };
  }
}
