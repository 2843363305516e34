import { BODY_LIMIT, invalidRequest, parseParameters, type RequestParameters } from '@signet/protocol';
import { rawForm } from '@signet/service';
import { AccountFlow } from '../account/account-flow.js';
import { DeviceFlow } from '../device/device-flow.js';
import { AuthorizationFlow } from './authorization-flow.js';
import { Browser } from './browser.js';
import { Clients } from './clients.js';
import type { Exchange } from './exchange.js';
import type { InteractionDeps } from './interaction-deps.js';
import { InteractionFlow } from './interaction-flow.js';
import type { SignInRequest } from './interaction-request.js';
import { mayStillAsk } from './may-still-ask.js';
import { sendOAuthErrorPage } from './pages.js';
import { openInteraction, type Interaction, type InteractionPage } from './sealed-interaction.js';
import type { SignInFlow } from './sign-in-flow.js';

/** A form that came back, open: the flow that it belongs to, and what was sealed into it. */
export interface OpenedForm<F extends SignInFlow = SignInFlow> {
  readonly flow: F;
  readonly interaction: Interaction;
  /** What the person filled in and chose. */
  readonly form: RequestParameters;
}

/**
 * Opens the form of a page, or answers: a page that has expired begins anew; one that is not ours, not this browser's or not for a client as it is
 * now gets an error page. Undefined where it has answered.
 */
async function open(deps: InteractionDeps, exchange: Exchange, page: InteractionPage): Promise<OpenedForm | undefined> {
  const parsed = parseParameters(rawForm(exchange.request) ?? '', BODY_LIMIT);
  if (!parsed.ok) {
    sendOAuthErrorPage(exchange, deps.issuer, 'invalid-request', parsed.error);
    return undefined;
  }
  const form = parsed.parameters;
  const browser = new Browser(exchange, deps.keyring, deps.issuer);
  const opened = openInteraction(browser, page, form.get('interaction'), deps.clock.latest());
  if (opened.kind === 'invalid') {
    const error = invalidRequest('This form does not belong to this browser', { detail: 'interaction not opened' });
    sendOAuthErrorPage(exchange, deps.issuer, 'expired', error);
    return undefined;
  }
  const request = opened.kind === 'open' ? opened.interaction.request : opened.request;
  const flow = await flowOf(deps, { ...exchange, answered: page }, browser, request);
  if (flow === undefined) {
    const error = invalidRequest('The client has changed since', { detail: 'client_gone' });
    await deps.refusals.record(exchange, error);
    sendOAuthErrorPage(exchange, deps.issuer, 'invalid-client', error);
    return undefined;
  }
  if (opened.kind === 'open') return { flow, interaction: opened.interaction, form };
  await flow.proceed();
  return undefined;
}

/** The sign-in page's, whoever asked for it. */
export const openSignIn = (deps: InteractionDeps, exchange: Exchange): Promise<OpenedForm | undefined> =>
  open(deps, exchange, 'sign-in');

const isOfClient = (flow: SignInFlow): flow is InteractionFlow => flow instanceof InteractionFlow;

/** Of a page that only a client's request leads to. */
export async function openForm(
  deps: InteractionDeps,
  exchange: Exchange,
  page: Exclude<InteractionPage, 'sign-in'>,
): Promise<OpenedForm<InteractionFlow> | undefined> {
  const opened = await open(deps, exchange, page);
  if (opened === undefined) return undefined;
  const { flow, ...rest } = opened;
  if (!isOfClient(flow)) throw new TypeError(`The page ${page} is shown to a client's request alone.`);
  return { flow, ...rest };
}

/** The flow of its kind, where the client may still ask for it. */
async function flowOf(
  deps: InteractionDeps,
  exchange: Exchange,
  browser: Browser,
  request: SignInRequest,
): Promise<SignInFlow | undefined> {
  if ('account' in request) return new AccountFlow(deps, exchange, browser, request);
  const registered = await new Clients(deps.copies, exchange.tenant.id).find(request.clientId);
  if (registered === undefined || !mayStillAsk(registered, request)) return undefined;
  const { client } = registered;
  return 'device' in request
    ? new DeviceFlow(deps, exchange, browser, request, client)
    : new AuthorizationFlow(deps, exchange, browser, request, client);
}
