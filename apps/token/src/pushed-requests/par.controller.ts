import { Post, Req, Res } from '@nestjs/common';
import { clientRefused, type Tenant } from '@signet/contracts';
import { type OAuthError } from '@signet/protocol';
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
import { Dpop } from '../dpop/dpop.js';
import { ClientRequests, type AuthenticatedRequest } from '../http/client-requests.js';
import type { Exchange } from '../http/exchange.js';
import { isRefusal, Refusals } from '../http/refusals.js';
import { clientRequestOf, dpopProofsOf, exchangeOf } from '../http/requests.js';
import { PushedRequests } from './pushed-requests.js';

/** RFC 9126: a client says what it asks for by itself, and the browser carries a reference. */
@Cors()
@PerTenant('/par')
export class ParController {
  constructor(
    private readonly requests: ClientRequests,
    private readonly pushed: PushedRequests,
    private readonly refusals: Refusals,
    private readonly dpop: Dpop,
  ) {}

  @Post()
  @Public()
  async push(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = exchangeOf(request, tenant);
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, '/par');
    if (!authenticated.ok) return this.#refuse(reply, exchange, authenticated.error);
    const { client } = authenticated.value;
    const proofs = dpopProofsOf(request);
    const pushed = await this.pushed.push(exchange, authenticated.value, proofs);
    this.dpop.tellNonce(reply, tenant, proofs);
    if (!pushed.ok) return this.#refuse(reply, exchange, pushed.error, client);
    // Section 2.2: 201, and for the client alone.
    noStore(reply);
    void reply.status(201).type('application/json; charset=utf-8').send(JSON.stringify(pushed.value));
  }

  async #refuse(
    reply: HttpReply,
    exchange: Exchange,
    error: OAuthError,
    client?: AuthenticatedRequest['client'],
  ): Promise<void> {
    if (isRefusal(error)) {
      const reason = error.detail ?? error.error;
      await this.refusals.record(clientRefused, exchange, { client, reason, data: { endpoint: 'par' } });
    }
    sendOAuthError(reply, error);
  }
}
