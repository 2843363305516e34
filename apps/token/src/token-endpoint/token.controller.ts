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
import { Dpop } from '../dpop/dpop.js';
import { sendPrivate } from '../http/replies.js';
import { clientRequestOf, dpopProofsOf, exchangeOf } from '../http/requests.js';
import { TokenEndpoint } from './token-endpoint.js';

/** RFC 6749 section 3.2. */
@Cors()
@PerTenant('/token')
export class TokenController {
  constructor(
    private readonly endpoint: TokenEndpoint,
    private readonly dpop: Dpop,
  ) {}

  @Post()
  @Public()
  async issue(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const dpopProofs = dpopProofsOf(request);
    const outcome = await this.endpoint.handle(
      { ...clientRequestOf(request), dpopProofs },
      exchangeOf(request, tenant),
    );
    this.dpop.tellNonce(reply, tenant, dpopProofs);
    if (outcome.kind === 'error') {
      sendOAuthError(reply, outcome.error);
      return;
    }
    sendPrivate(reply, outcome.response);
  }
}
