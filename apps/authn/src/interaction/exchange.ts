import type { EventContext, Tenant } from '@signet/contracts';
import type { PageWishes } from '@signet/pages';
import type { RequestParameters } from '@signet/protocol';
import { networkOfRequest, type HttpReply, type HttpRequest } from '@signet/service';
import type { InteractionPage } from './sealed-interaction.js';

/** One request of a browser at a tenant, with its answer. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
  readonly tenant: Tenant;
  readonly wishes?: PageWishes;
  /** The page of ours that the person has sent with it, once its form has been opened. */
  readonly answered?: InteractionPage;
}

/** What events tell of this request. */
export function contextOf({ request }: Exchange, account?: string): EventContext {
  return { actor: account === undefined ? 'anonymous' : `account:${account}`, network: networkOfRequest(request) };
}

/** What a request that is faulty in another place asks of the pages. */
export function wishesOf(parameters: RequestParameters): PageWishes {
  const uiLocales = (parameters.get('ui_locales') ?? '').split(' ');
  return { uiLocales, popup: parameters.get('display') === 'popup' };
}
