import { approveDevice, denyDevice, type Authentication } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { renderDeviceDone, sendPage, type DeviceDoneView } from '@signet/pages';
import { clientNameIn } from '@signet/protocol';
import { contextOf } from '../interaction/exchange.js';
import { InteractionFlow } from '../interaction/interaction-flow.js';
import type { DeviceRequest } from '../interaction/interaction-request.js';
import { showDevice } from './device-page.js';

/** A device that waits (RFC 8628): nobody is sent anywhere; the device hears of the decision when it polls. */
export class DeviceFlow extends InteractionFlow<DeviceRequest> {
  /** RFC 8628 section 5.4: whatever was agreed to before, the code on the device is compared each time. */
  protected consentMode(): 'ask' {
    return 'ask';
  }

  issue(authentication: Authentication): Promise<void> {
    return this.approve(authentication);
  }

  async deny({ accountId }: Authentication): Promise<void> {
    const { deviceCodeId, userCodeHash } = this.request.device;
    const { outcome } = await this.deps.requester.request(denyDevice, {
      tenantId: this.exchange.tenant.id,
      deviceCodeId,
      userCodeHash,
      context: contextOf(this.exchange, accountId),
    });
    this.showDone(outcome);
  }

  /** Nobody has decided: the device goes on waiting, and the person is where they began. */
  fail(): Promise<void> {
    showDevice(this);
    return Promise.resolve();
  }

  /** `again`: token has said that it knows of a newer client, and this one is. */
  private async approve(authentication: Authentication, again = false): Promise<void> {
    const { client, exchange } = this;
    const { device, scopes } = this.request;
    const answer = await this.deps.requester.request(approveDevice, {
      tenantId: exchange.tenant.id,
      deviceCodeId: device.deviceCodeId,
      userCodeHash: device.userCodeHash,
      clientId: client.clientId,
      clientVersion: client.version,
      authentication,
      scopes,
      context: contextOf(exchange, authentication.accountId),
    });
    switch (answer.outcome) {
      case 'approved':
      case 'gone':
        this.showDone(answer.outcome);
        return;
      case 'dead':
        await this.refuse(answer.by);
        return;
      case 'stale_client':
        if (again) throw new MeshError('unavailable', 'directory serves an older client than token knows of');
        await this.approveForNewer(authentication);
    }
  }

  private async approveForNewer(authentication: Authentication): Promise<void> {
    const { deps, exchange, browser, request } = this;
    const client = await this.newerClient();
    if (client === undefined) await this.refuseClient('client_changed');
    else await new DeviceFlow(deps, exchange, browser, request, client).approve(authentication, true);
  }

  private showDone(outcome: DeviceDoneView['outcome']): void {
    const status = outcome === 'gone' ? 400 : 200;
    sendPage(this.exchange, this.deps.issuer, status, (context) =>
      renderDeviceDone({ outcome, clientName: clientNameIn(this.client, context.locale) }, context),
    );
  }
}
