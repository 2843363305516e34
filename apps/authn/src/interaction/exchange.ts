import type { EventContext, Tenant } from '@signet/contracts';
import type { PageWishes } from '@signet/pages';
import { networkOfRequest, type HttpReply, type HttpRequest } from '@signet/service';

/** One request of a browser at a tenant, with its answer. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
  readonly tenant: Tenant;
  readonly wishes?: PageWishes;
}

/** What events tell of this request. */
export function contextOf({ request }: Exchange, account?: string): EventContext {
  return { actor: account === undefined ? 'anonymous' : `account:${account}`, network: networkOfRequest(request) };
}
