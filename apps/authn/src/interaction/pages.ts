import { pageFor, renderError, sendErrorPage, type ErrorKind } from '@signet/pages';
import type { OAuthError } from '@signet/protocol';
import { findTenantOf, traceOf, type HttpRequest, type PageFailure, type ServiceConfiguration } from '@signet/service';
import type { Exchange } from './exchange.js';

/** Tells the person of an error that the client must not, or cannot, be told of. */
export function sendOAuthErrorPage(exchange: Exchange, issuer: string, kind: ErrorKind, error: OAuthError): void {
  const { traceId } = traceOf(exchange.request);
  sendErrorPage(exchange, issuer, error.status, {
    kind,
    code: error.error,
    traceId,
    description: error.errorDescription,
  });
}

/** The page of a failure that nobody handled: createService's `errorPage`. */
export function failurePage(failure: PageFailure, request: HttpRequest, { issuer }: ServiceConfiguration) {
  const { kind, code, traceId, retryAfterSeconds } = failure;
  const view = { kind, code, traceId, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return pageFor(request, findTenantOf(request), issuer, (context) => renderError(view, context));
}
