import { Post, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { Cors, CurrentTenant, noStore, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { Dpop } from '../dpop/dpop.js';
import { ClientRequests } from '../http/client-requests.js';
import { Refusals } from '../http/refusals.js';
import { clientRequestOf, dpopProofsOf, exchangeOf } from '../http/requests.js';
import { PushedRequests } from './pushed-requests.js';

const endpoint = 'par';

/** RFC 9126: a client says what it asks for by itself, and the browser carries a reference. */
@Cors()
@PerTenant(`/${endpoint}`)
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
    const authenticated = await this.requests.authenticate(clientRequestOf(request), exchange, `/${endpoint}`);
    if (!authenticated.ok) return this.refusals.answer(reply, exchange, authenticated.error, { endpoint });
    const { client } = authenticated.value;
    const proofs = dpopProofsOf(request);
    const pushed = await this.pushed.push(exchange, authenticated.value, proofs);
    this.dpop.tellNonce(reply, tenant, proofs);
    if (!pushed.ok) return this.refusals.answer(reply, exchange, pushed.error, { endpoint, client });
    // Section 2.2: 201, and for the client alone.
    noStore(reply);
    void reply.status(201).type('application/json; charset=utf-8').send(JSON.stringify(pushed.value));
  }
}
