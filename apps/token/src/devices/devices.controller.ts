import { Controller } from '@nestjs/common';
import {
  approveDevice,
  denyDevice,
  deviceApproved,
  deviceDenied,
  findDevice,
  grantCreated,
  grantExtended,
  grantId,
  newId,
  type DeviceApproved,
} from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { Accounts } from '../access-tokens/accounts.js';
import { approveDeviceStatement, denyDeviceStatement } from './store/decide-device.js';
import { findWaitingDevice } from './store/find-device.js';

/** What authn asks for a person who stands before the verification page (RFC 8628 section 3.3). */
@Controller()
export class DevicesController {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly events: EventFactory,
  ) {}

  @Serves(findDevice)
  async find(request: z.output<typeof findDevice.request>): Promise<z.input<typeof findDevice.response>> {
    return { device: (await this.database.first(findWaitingDevice, request)) ?? null };
  }

  @Serves(approveDevice)
  async approve(request: z.output<typeof approveDevice.request>): Promise<DeviceApproved> {
    const { tenantId, clientId, authentication, context, scopes, deviceCodeId } = request;
    const account = await this.accounts.find(tenantId, authentication.accountId);
    if (account?.status !== 'active') return { outcome: 'dead', by: 'account' };
    // It is kept with the approval, so that nothing is asked of anybody once the code is spent.
    const sub = await this.accounts.subject(account, clientId);
    if (sub === undefined) return { outcome: 'dead', by: 'client' };
    const about = {
      tenantId,
      context,
      client: clientId,
      account: authentication.accountId,
      session: authentication.sessionId,
      data: { scopes },
    };
    const verdict = await this.database.first(approveDeviceStatement, {
      request,
      sub,
      grantId: newId(grantId),
      approved: this.events.make(deviceApproved, { ...about, aggregate: deviceCodeId }),
      grantCreated: this.events.make(grantCreated, about),
      grantExtended: this.events.make(grantExtended, about),
    });
    if (verdict === undefined) return { outcome: 'gone' };
    if (verdict.approved) return { outcome: 'approved' };
    if (verdict.deadBy) return { outcome: 'dead', by: verdict.deadBy };
    if (verdict.stale) return { outcome: 'stale_client' };
    throw new MeshError('internal', 'a device was neither approved nor refused');
  }

  @Serves(denyDevice)
  async deny(request: z.output<typeof denyDevice.request>): Promise<z.input<typeof denyDevice.response>> {
    const { tenantId, deviceCodeId, context } = request;
    const denied = this.events.make(deviceDenied, { tenantId, aggregate: deviceCodeId, context, data: {} });
    const row = await this.database.first(denyDeviceStatement, { request, denied });
    return { outcome: row === undefined ? 'gone' : 'denied' };
  }
}
