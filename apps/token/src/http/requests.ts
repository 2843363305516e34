import { networkOfRequest, rawForm, type HttpRequest } from '@signet/service';
import type { Tenant } from '@signet/contracts';
import type { Exchange } from './exchange.js';
import type { ClientRequest } from './client-requests.js';

export function exchangeOf(request: HttpRequest, tenant: Tenant): Exchange {
  return { tenant, network: networkOfRequest(request) };
}

/** RFC 6749 section 3.2, RFC 7009 section 2.1, RFC 7662 section 2.1: parameters come in a form. A request without a body has none. */
export function clientRequestOf(request: HttpRequest): ClientRequest {
  return { authorization: request.headers.authorization, body: rawForm(request) ?? '' };
}
