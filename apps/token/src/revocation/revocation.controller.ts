import { Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { presentedToken } from '@signet/protocol';
import { Cors, CurrentTenant, noStore, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { ClientRequests } from '../http/client-requests.js';
import { Refusals } from '../http/refusals.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';
import { TokenRevocation } from './token-revocation.js';

const endpoint = 'revoke';

/** RFC 7009. */
@Cors()
@PerTenant(`/${endpoint}`)
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
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, `/${endpoint}`);
    if (!authenticated.ok) return this.refusals.answer(reply, exchange, authenticated.error, { endpoint });
    const { client, parameters } = authenticated.value;
    const presented = presentedToken(parameters);
    if (!presented.ok) return this.refusals.answer(reply, exchange, presented.error, { endpoint, client });
    await this.revocation.revoke(exchange, client, presented.value.token);
    // Section 2.2: 200 whether or not there was such a token.
    noStore(reply);
    void reply.status(200).send();
  }
}
