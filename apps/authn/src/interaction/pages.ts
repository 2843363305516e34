import { sendErrorPage, type ErrorKind } from '@signet/pages';
import type { OAuthError } from '@signet/protocol';
import { traceOf } from '@signet/service';
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
