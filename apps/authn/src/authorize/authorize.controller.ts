import { Get, Post, Req, Res } from '@nestjs/common';
import { pathAt, type Tenant } from '@signet/contracts';
import { renderRepost, sendPage, type ErrorKind } from '@signet/pages';
import {
  BODY_LIMIT,
  parseParameters,
  validateAuthorizationRequest,
  type OAuthError,
  type ParsedParameters,
} from '@signet/protocol';
import {
  ClientHints,
  crossSitePost,
  CurrentTenant,
  IdTokenHints,
  PerTenant,
  Public,
  rawForm,
  rawQuery,
  seeOther,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { Browser } from '../interaction/browser.js';
import { Clients } from '../interaction/clients.js';
import { wishesOf, type Exchange } from '../interaction/exchange.js';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import { AuthorizationFlow } from '../interaction/authorization-flow.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';
import { sendErrorResponse } from '../interaction/send-response.js';
import { AskedRequests } from './asked-requests.js';

@PerTenant('/authorize')
export class AuthorizeController {
  constructor(
    private readonly deps: InteractionDeps,
    private readonly hints: IdTokenHints,
  ) {}

  @Get()
  @Public()
  async get(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.authorize({ request, reply, tenant }, parseParameters(rawQuery(request)));
  }

  /**
   * OpenID Connect Core section 3.1.2.1 asks for POST too. A POST from a client's page comes without our Lax cookies, so it is turned into a request
   * of our own site first: a GET where the query stays short and holds no id_token_hint, else a page that posts the same body again.
   */
  @Post()
  @Public()
  async post(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const exchange = { request, reply, tenant };
    const raw = rawForm(request) ?? '';
    const parsed = parseParameters(raw, BODY_LIMIT);
    const path = pathAt(tenant, '/authorize');
    const { forms } = this.browserOf(exchange);
    const post = crossSitePost(forms, path, raw, parsed.parameters, request, reply);
    if (post.kind === 'redirect') seeOther(reply, post.location);
    else if (post.kind === 'ours' || !parsed.ok) await this.authorize(exchange, parsed);
    else
      sendPage(exchange, this.deps.issuer, 200, (context) =>
        renderRepost({ action: path, fields: post.fields }, context),
      );
  }

  private browserOf(exchange: Exchange): Browser {
    return new Browser(exchange, this.deps.keyring, this.deps.issuer);
  }

  private async authorize(exchange: Exchange, parsed: ParsedParameters): Promise<void> {
    const { deps } = this;
    const clients = new Clients(deps.copies, exchange.tenant.id);
    const requestObjects = new AskedRequests(deps.requester, exchange.tenant.id);
    const outcome = await validateAuthorizationRequest(parsed, {
      clients,
      requestObjects,
      // What Postgres dates before the request must not seem to have come after it.
      receivedAt: deps.clock.latest(),
      hints: new ClientHints(this.hints, exchange.tenant),
    });
    switch (outcome.kind) {
      case 'page-error':
        await deps.refusals.record(exchange, outcome.error);
        sendOAuthErrorPage(exchange, deps.issuer, pageKind(outcome.error), outcome.error);
        return;
      case 'redirect-error':
        await deps.refusals.record(exchange, outcome.error, outcome.registered.client);
        sendErrorResponse({ ...exchange, wishes: wishesOf(outcome.parameters) }, deps.issuer, outcome, outcome);
        return;
      case 'valid': {
        const browser = this.browserOf(exchange);
        await new AuthorizationFlow(deps, exchange, browser, outcome.request, outcome.registered.client).proceed();
      }
    }
  }
}

/** Which page tells of an error that no redirect may carry. */
function pageKind({ error, detail }: OAuthError): ErrorKind {
  if (error === 'unauthorized_client' || detail === 'client_unknown') return 'invalid-client';
  return detail === 'redirect_uri_mismatch' ? 'invalid-redirect-uri' : 'invalid-request';
}
