import { pageFor, renderError } from '@signet/pages';
import { findTenantOf, type HttpRequest, type PageFailure, type ServiceConfiguration } from '@signet/service';

/** The page of a failure that nobody handled: createService's `errorPage`. */
export function failurePage(failure: PageFailure, request: HttpRequest, { issuer }: ServiceConfiguration) {
  const { kind, code, traceId, retryAfterSeconds } = failure;
  const view = { kind, code, traceId, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return pageFor(request, findTenantOf(request), issuer, (context) => renderError(view, context));
}
