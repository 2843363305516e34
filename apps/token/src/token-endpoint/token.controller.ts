import { Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import {
  Cors,
  CurrentTenant,
  PerTenant,
  Public,
  sendOAuthError,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { sendPrivate } from '../http/replies.js';
import { clientRequestOf, exchangeOf } from '../http/requests.js';
import { TokenEndpoint } from './token-endpoint.js';

/** RFC 6749 section 3.2. */
@Cors()
@PerTenant('/token')
export class TokenController {
  constructor(private readonly endpoint: TokenEndpoint) {}

  @Post()
  @Public()
  async issue(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const outcome = await this.endpoint.handle(clientRequestOf(request), exchangeOf(request, tenant));
    if (outcome.kind === 'error') {
      sendOAuthError(reply, outcome.error);
      return;
    }
    sendPrivate(reply, outcome.response);
  }
}
