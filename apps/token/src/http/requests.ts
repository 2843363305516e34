import { networkOfRequest, rawForm, type HttpRequest } from '@signet/service';
import type { Tenant } from '@signet/contracts';
import type { Exchange } from './exchange.js';
import type { ClientRequest } from './client-requests.js';

export function exchangeOf(request: HttpRequest, tenant: Tenant): Exchange {
  return { tenant, network: networkOfRequest(request) };
}

/** Each value of a DPoP header field: Node joins several into one, and a proof is one alone (RFC 9449 section 4.3). */
export function dpopProofsOf(request: HttpRequest): readonly string[] {
  return request.raw.headersDistinct['dpop'] ?? [];
}

/** RFC 6749 section 3.2, RFC 7009 section 2.1, RFC 7662 section 2.1: parameters come in a form. A request without a body has none. */
export function clientRequestOf(request: HttpRequest): ClientRequest {
  return { authorization: request.headers.authorization, body: rawForm(request) ?? '' };
}
