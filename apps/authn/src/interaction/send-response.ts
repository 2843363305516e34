import { renderFormPost, sendPage } from '@signet/pages';
import { authorizationResponse, type AuthorizationResponse, type ResponseTarget } from '@signet/protocol';
import { seeOther } from '@signet/service';
import type { Exchange } from './exchange.js';

/** Answers the client by way of the browser: a redirect, or a page that posts itself. `issuer`: the origin that pages are of. */
export function sendResponse(
  exchange: Exchange,
  issuer: string,
  target: Omit<ResponseTarget, 'issuer'>,
  response: AuthorizationResponse,
): void {
  const carried = authorizationResponse({ ...target, issuer: exchange.tenant.issuer }, response);
  if (carried.kind === 'redirect') seeOther(exchange.reply, carried.url);
  else sendPage(exchange, issuer, 200, (context) => renderFormPost(carried, context));
}
