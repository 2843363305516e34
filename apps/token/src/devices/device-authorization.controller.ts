import { Post, Req, Res } from '@nestjs/common';
import { deviceCodeId, newId, pathAt, type Tenant } from '@signet/contracts';
import { digests, systemRandom } from '@signet/keys';
import { Database } from '@signet/persistence';
import { handleDeviceAuthorization } from '@signet/protocol';
import { CurrentTenant, EventFactory, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { ClientRequests } from '../http/client-requests.js';
import { Refusals } from '../http/refusals.js';
import { sendPrivate } from '../http/replies.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';
import { DeviceAuthorizations } from './device-authorizations.js';

const endpoint = 'device_authorization';

/** RFC 8628 section 3.1. */
@PerTenant(`/${endpoint}`)
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
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, `/${endpoint}`);
    if (!authenticated.ok) return this.refusals.answer(reply, exchange, authenticated.error, { endpoint });
    const { parameters, ...registered } = authenticated.value;
    const answer = await handleDeviceAuthorization(parameters, registered, {
      devices: new DeviceAuthorizations({ database: this.database, events: this.events }, exchange),
      digests,
      random: systemRandom,
      // Of the issuer's origin, as every URL of ours: authn serves it.
      verificationUri: new URL(tenant.issuer).origin + pathAt(tenant, '/device'),
      newDeviceCodeId: () => newId(deviceCodeId),
    });
    if (!answer.ok) return this.refusals.answer(reply, exchange, answer.error, { endpoint, client: registered.client });
    sendPrivate(reply, answer.value);
  }
}
