import { Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import type { TokenEndpointOutcome } from '@signet/protocol';
import {
  Cors,
  CurrentTenant,
  Metrics,
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
  readonly #requests: ReturnType<Metrics['histogram']>;

  constructor(
    private readonly endpoint: TokenEndpoint,
    private readonly dpop: Dpop,
    metrics: Metrics,
  ) {
    this.#requests = metrics.histogram(
      'signet_token_request_seconds',
      'Requests to the token endpoint, by grant type (none: not known, or not reached) and result: issued, failed, or the error that was answered',
      ['grant_type', 'result'],
    );
  }

  @Post()
  @Public()
  async issue(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const dpopProofs = dpopProofsOf(request);
    const told = this.#requests.startTimer();
    let labels = { grant_type: 'none', result: 'failed' };
    let outcome: TokenEndpointOutcome;
    try {
      outcome = await this.endpoint.handle({ ...clientRequestOf(request), dpopProofs }, exchangeOf(request, tenant));
      labels = labelsOf(outcome);
    } finally {
      told(labels);
    }
    this.dpop.tellNonce(reply, tenant, dpopProofs);
    if (outcome.kind === 'error') {
      sendOAuthError(reply, outcome.error);
      return;
    }
    sendPrivate(reply, outcome.response);
  }
}

/** Grant types and errors are those that the protocol knows: nothing of a request becomes a label. */
const labelsOf = (outcome: TokenEndpointOutcome) => ({
  grant_type: outcome.grantType ?? 'none',
  result: outcome.kind === 'issued' ? 'issued' : outcome.error.error,
});
