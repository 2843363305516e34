import { deviceRequested, deviceRedeemed, familyId, instanceId, newId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import type {
  DeviceAuthorization,
  DeviceAuthorizationResult,
  DeviceAuthorizationStore,
  DeviceCodeStore,
  DevicePoll,
  DevicePollResult,
} from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import { contextOf, type Exchange } from '../http/exchange.js';
import { beginDevice } from './store/begin-device.js';
import { isSpent, pollDevice } from './store/poll-device.js';

/** Devices as one request may begin or poll them. */
export class WaitingDevices implements DeviceAuthorizationStore, DeviceCodeStore {
  constructor(
    private readonly deps: { readonly database: Database; readonly events: Pick<EventFactory, 'make'> },
    private readonly exchange: Exchange,
  ) {}

  async begin(authorization: DeviceAuthorization): Promise<DeviceAuthorizationResult> {
    const begun = await this.deps.database.first(beginDevice, {
      tenantId: this.exchange.tenant.id,
      authorization,
      begun: this.deps.events.make(deviceRequested, {
        ...this.#about(authorization),
        data: { scopes: [...authorization.scopes] },
      }),
    });
    return { outcome: begun === undefined ? 'taken' : 'begun' };
  }

  async poll(poll: DevicePoll): Promise<DevicePollResult> {
    const { tenant } = this.exchange;
    const [instance, family] = [newId(instanceId), newId(familyId)];
    const polled = await this.deps.database.first(pollDevice, {
      tenantId: tenant.id,
      poll,
      instanceId: instance,
      familyId: family,
      lifetimes: tenant.policies.refresh,
      redeemed: this.deps.events.make(deviceRedeemed, {
        ...this.#about(poll),
        data: { instance, family: poll.refreshable ? family : null, jti: poll.tokenId },
      }),
    });
    if (polled === undefined) return { outcome: await this.#absence(poll) };
    if (polled.redemption !== undefined) {
      const { facts, epoch } = polled.redemption;
      return {
        outcome: 'redeemed',
        facts,
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

  async #absence(poll: DevicePoll): Promise<'spent' | 'unknown'> {
    const spent = await this.deps.database.first(isSpent, { tenantId: this.exchange.tenant.id, poll });
    return spent === undefined ? 'unknown' : 'spent';
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
