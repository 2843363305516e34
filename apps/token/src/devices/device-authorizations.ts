import { deviceRequested } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { DeviceAuthorization, DeviceAuthorizationResult, DeviceAuthorizationStore } from '@signet/protocol';
import type { EventFactory } from '@signet/service';
import { contextOf, type Exchange } from '../http/exchange.js';
import { beginDevice } from './store/begin-device.js';

/** Devices as one request may begin them. */
export class DeviceAuthorizations implements DeviceAuthorizationStore {
  constructor(
    private readonly deps: { readonly database: Database; readonly events: Pick<EventFactory, 'make'> },
    private readonly exchange: Exchange,
  ) {}

  async begin(authorization: DeviceAuthorization): Promise<DeviceAuthorizationResult> {
    const { client, deviceCodeId, scopes } = authorization;
    const { tenant } = this.exchange;
    const begun = await this.deps.database.first(beginDevice, {
      tenantId: tenant.id,
      authorization,
      begun: this.deps.events.make(deviceRequested, {
        tenantId: tenant.id,
        context: contextOf(this.exchange, client),
        client: client.clientId,
        aggregate: deviceCodeId,
        data: { scopes: [...scopes] },
      }),
    });
    return { outcome: begun === undefined ? 'taken' : 'begun' };
  }
}
