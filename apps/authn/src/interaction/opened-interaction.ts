import {
  BODY_LIMIT,
  DEVICE_CODE_GRANT_TYPE,
  invalidRequest,
  isRegisteredRedirectUri,
  mayUseResponseType,
  parseParameters,
  type Client,
  type RequestParameters,
} from '@signet/protocol';
import { rawForm } from '@signet/service';
import { DeviceFlow } from '../device/device-flow.js';
import { AuthorizationFlow } from './authorization-flow.js';
import { Browser } from './browser.js';
import { Clients } from './clients.js';
import type { Exchange } from './exchange.js';
import type { InteractionDeps } from './interaction-deps.js';
import type { InteractionFlow } from './interaction-flow.js';
import type { InteractionRequest } from './interaction-request.js';
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
  const flow =
    client?.enabled === true ? flowOf(deps, { ...exchange, answered: page }, browser, request, client) : undefined;
  if (flow === undefined) {
    const error = invalidRequest('The client has changed since', { detail: 'client, or what it registered, is gone' });
    sendOAuthErrorPage(exchange, deps.issuer, 'invalid-client', error);
    return undefined;
  }
  if (opened.kind === 'open') return { flow, interaction: opened.interaction, form };
  await flow.proceed();
  return undefined;
}

/** The flow of its kind, where the client may still ask for it. */
function flowOf(
  deps: InteractionDeps,
  exchange: Exchange,
  browser: Browser,
  request: InteractionRequest,
  client: Client,
): InteractionFlow | undefined {
  if ('device' in request) {
    const may = client.grantTypes.includes(DEVICE_CODE_GRANT_TYPE);
    return may ? new DeviceFlow(deps, exchange, browser, request, client) : undefined;
  }
  const may = isRegisteredRedirectUri(request.redirectUri, client) && mayUseResponseType(client, request.responseType);
  return may ? new AuthorizationFlow(deps, exchange, browser, request, client) : undefined;
}
