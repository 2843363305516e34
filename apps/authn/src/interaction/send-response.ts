import { renderFormPost, renderUnvouchedClient, sendPage } from '@signet/pages';
import {
  authorizationResponse,
  type AuthorizationResponse,
  type CarriedResponse,
  type ErrorDelivery,
  type OAuthError,
  type ResponseTarget,
} from '@signet/protocol';
import { seeOther } from '@signet/service';
import type { Exchange } from './exchange.js';
import { errorFacts } from './pages.js';

type Target = Omit<ResponseTarget, 'issuer'>;

/** Answers the client by way of the browser: a redirect, or a page that posts itself. `issuer`: the origin that pages are of. */
export function sendResponse(
  exchange: Exchange,
  issuer: string,
  target: Target,
  response: AuthorizationResponse,
): void {
  const carried = carriedTo(exchange, target, response);
  if (carried.kind === 'redirect') seeOther(exchange.reply, carried.url);
  else sendPage(exchange, issuer, 200, (context) => renderFormPost(carried, context));
}

/** The same of an error; or, where the client is not to be gone to unasked, a page from which the person may take it there. */
export function sendErrorResponse(
  exchange: Exchange,
  issuer: string,
  target: Target,
  { error, delivery }: { readonly error: OAuthError; readonly delivery: ErrorDelivery },
): void {
  if (delivery === 'at_once') {
    sendResponse(exchange, issuer, target, { error });
    return;
  }
  const view = { way: carriedTo(exchange, target, { error }), error: errorFacts(exchange, error) };
  sendPage(exchange, issuer, error.status, (context) => renderUnvouchedClient(view, context));
}

function carriedTo({ tenant }: Exchange, target: Target, response: AuthorizationResponse): CarriedResponse {
  return authorizationResponse({ ...target, issuer: tenant.issuer }, response);
}
