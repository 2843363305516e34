import {
  BODY_LIMIT,
  invalidRequest,
  matchesRegistered,
  mayUseResponseType,
  parseParameters,
  type RequestParameters,
} from '@signet/protocol';
import { rawForm } from '@signet/service';
import { Browser } from './browser.js';
import { Clients } from './clients.js';
import type { Exchange } from './exchange.js';
import type { InteractionDeps } from './interaction-deps.js';
import { InteractionFlow } from './interaction-flow.js';
import { sendOAuthErrorPage } from './pages.js';
import { openInteraction, type Interaction, type InteractionPage } from './sealed-interaction.js';

/** A form that came back, open: the flow that it belongs to, and what was sealed into it. */
export interface OpenedInteraction {
  readonly flow: InteractionFlow;
  readonly interaction: Interaction;
  /** What the person filled in and chose. */
  readonly form: RequestParameters;
}

/**
 * Opens the form of a page, or answers: a page that has expired begins anew; one that is not ours, not this browser's or not for a client as it is
 * now gets an error page. Undefined where it has answered.
 */
export async function openForm(
  deps: InteractionDeps,
  exchange: Exchange,
  page: InteractionPage,
): Promise<OpenedInteraction | undefined> {
  const parsed = parseParameters(rawForm(exchange.request) ?? '', BODY_LIMIT);
  if (!parsed.ok) {
    sendOAuthErrorPage(exchange, deps.issuer, 'invalid-request', parsed.error);
    return undefined;
  }
  const form = parsed.parameters;
  const browser = new Browser(exchange, deps.keyring, deps.issuer);
  const opened = openInteraction(browser, page, form.get('interaction'), deps.clock.now());
  if (opened.kind === 'invalid') {
    const error = invalidRequest('This form does not belong to this browser', { detail: 'interaction not opened' });
    sendOAuthErrorPage(exchange, deps.issuer, 'expired', error);
    return undefined;
  }
  const request = opened.kind === 'open' ? opened.interaction.request : opened.request;
  const client = (await new Clients(deps.copies, exchange.tenant.id).find(request.clientId))?.client;
  const asBefore =
    client?.enabled === true &&
    matchesRegistered(request.redirectUri, client.redirectUris) &&
    mayUseResponseType(client, request.responseType);
  if (!asBefore) {
    const error = invalidRequest('The client has changed since', {
      detail: 'client, redirect_uri or response_type gone',
    });
    sendOAuthErrorPage(exchange, deps.issuer, 'invalid-client', error);
    return undefined;
  }
  const flow = new InteractionFlow(deps, exchange, browser, request, client);
  if (opened.kind === 'open') return { flow, interaction: opened.interaction, form };
  await flow.proceed();
  return undefined;
}
