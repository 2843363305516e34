import { Post, Req, Res } from '@nestjs/common';
import { clientRefused, type Tenant } from '@signet/contracts';
import { presentedToken, type OAuthError } from '@signet/protocol';
import {
  Cors,
  CurrentTenant,
  noStore,
  PerTenant,
  Public,
  sendOAuthError,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { ClientRequests } from '../http/client-requests.js';
import type { Exchange } from '../http/exchange.js';
import { isRefusal, Refusals } from '../http/refusals.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';
import { TokenRevocation } from './token-revocation.js';

/** RFC 7009. */
@Cors()
@PerTenant('/revoke')
export class RevocationController {
  constructor(
    private readonly requests: ClientRequests,
    private readonly revocation: TokenRevocation,
    private readonly refusals: Refusals,
  ) {}

  @Post()
  @Public()
  async revoke(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = exchangeOf(request, tenant);
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, '/revoke');
    if (!authenticated.ok) return this.#refuse(reply, exchange, authenticated.error);
    const { client, parameters } = authenticated.value;
    const presented = presentedToken(parameters);
    if (!presented.ok) {
      sendOAuthError(reply, presented.error);
      return;
    }
    await this.revocation.revoke(exchange, client, presented.value.token);
    // Section 2.2: 200 whether or not there was such a token.
    noStore(reply);
    void reply.status(200).send();
  }

  async #refuse(reply: HttpReply, exchange: Exchange, error: OAuthError): Promise<void> {
    if (isRefusal(error)) {
      const reason = error.detail ?? error.error;
      await this.refusals.record(clientRefused, exchange, { reason, data: { endpoint: 'revoke' } });
    }
    sendOAuthError(reply, error);
  }
}
