import { Post, Req, Res } from '@nestjs/common';
import { clientRefused, deviceCodeId, newId, pathAt, type Tenant } from '@signet/contracts';
import { digests, systemRandom } from '@signet/keys';
import { Database } from '@signet/persistence';
import { handleDeviceAuthorization, type OAuthError } from '@signet/protocol';
import {
  CurrentTenant,
  EventFactory,
  PerTenant,
  Public,
  sendOAuthError,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { ClientRequests, type AuthenticatedRequest } from '../http/client-requests.js';
import type { Exchange } from '../http/exchange.js';
import { isRefusal, Refusals } from '../http/refusals.js';
import { sendPrivate } from '../http/replies.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';
import { DeviceAuthorizations } from './device-authorizations.js';

/** RFC 8628 section 3.1. */
@PerTenant('/device_authorization')
export class DeviceAuthorizationController {
  constructor(
    private readonly requests: ClientRequests,
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly refusals: Refusals,
  ) {}

  @Post()
  @Public()
  async begin(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = exchangeOf(request, tenant);
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, '/device_authorization');
    if (!authenticated.ok) return this.#refuse(reply, exchange, authenticated.error);
    const { parameters, ...registered } = authenticated.value;
    const answer = await handleDeviceAuthorization(parameters, registered, {
      devices: new DeviceAuthorizations({ database: this.database, events: this.events }, exchange),
      digests,
      random: systemRandom,
      // Of the issuer's origin, as every URL of ours: authn serves it.
      verificationUri: new URL(tenant.issuer).origin + pathAt(tenant, '/device'),
      newDeviceCodeId: () => newId(deviceCodeId),
    });
    if (!answer.ok) return this.#refuse(reply, exchange, answer.error, registered.client);
    sendPrivate(reply, answer.value);
  }

  async #refuse(
    reply: HttpReply,
    exchange: Exchange,
    error: OAuthError,
    client?: AuthenticatedRequest['client'],
  ): Promise<void> {
    if (isRefusal(error)) {
      const reason = error.detail ?? error.error;
      await this.refusals.record(clientRefused, exchange, {
        client,
        reason,
        data: { endpoint: 'device_authorization' },
      });
    }
    sendOAuthError(reply, error);
  }
}
