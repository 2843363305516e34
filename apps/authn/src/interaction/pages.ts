import { sendErrorPage, type ErrorFacts, type ErrorKind } from '@signet/pages';
import type { OAuthError } from '@signet/protocol';
import { traceOf } from '@signet/service';
import type { Exchange } from './exchange.js';

/** What a page tells of an error beside its words. */
export function errorFacts({ request }: Exchange, { error, errorDescription }: OAuthError): ErrorFacts {
  return { code: error, traceId: traceOf(request).traceId, description: errorDescription };
}

/** Tells the person of an error that the client must not, or cannot, be told of. */
export function sendOAuthErrorPage(exchange: Exchange, issuer: string, kind: ErrorKind, error: OAuthError): void {
  sendErrorPage(exchange, issuer, error.status, { kind, ...errorFacts(exchange, error) });
}
