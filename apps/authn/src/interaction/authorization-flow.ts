import { codeId, issueGrant, newId, type Authentication, type FrontChannelTokens } from '@signet/contracts';
import { digests, randomText, systemRandom } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import {
  accessDenied,
  errorDelivery,
  formatAuthorizationCode,
  formatScope,
  invalidRequest,
  invalidRequestUri,
  responseParts,
  sessionState,
  type AuthorizationRequest,
  type AuthorizationResponse,
  type IssuedResponse,
  type OAuthError,
} from '@signet/protocol';
import { consentMode } from './consent-mode.js';
import { contextOf } from './exchange.js';
import { grantRequest, type Consent, type NewCode } from './grant-request.js';
import { InteractionFlow } from './interaction-flow.js';
import { sendErrorResponse, sendResponse } from './send-response.js';

/** A request to /authorize: its response goes to the client by way of the browser. */
export class AuthorizationFlow extends InteractionFlow<AuthorizationRequest> {
  protected consentMode(): 'ask' | Exclude<Consent, 'approved'> {
    return consentMode(this.request, this.client);
  }

  /** `again`: token has said that it knows of a newer client, and this one is. */
  async issue(authentication: Authentication, consent: Consent, again = false): Promise<void> {
    const { request, client, claims, exchange } = this;
    const wanted = responseParts(request.responseType);
    const code = wanted.code ? { id: newId(codeId), secret: randomText(systemRandom, 32) } : undefined;
    const answer = await this.deps.requester.request(issueGrant, {
      ...grantRequest({ request, client, authentication, code, consent, claims }),
      tenantId: exchange.tenant.id,
      context: contextOf(exchange, authentication.accountId),
    });
    switch (answer.outcome) {
      case 'issued':
        this.respond({ ...issuedResponse(code, answer.front), sessionState: this.sessionState() });
        return;
      case 'consent_required':
        await this.askConsent(authentication);
        return;
      case 'dead':
        await this.refuse(answer.by);
        return;
      case 'no_encryption_key':
        await this.fail(invalidRequest("The client's keys have none to encrypt its ID token with"));
        return;
      case 'request_spent':
        // RFC 9126 section 7.3: one request, one authorization.
        await this.fail(invalidRequestUri('The pushed request has been used'));
        return;
      case 'stale_client':
        if (again) throw new MeshError('unavailable', 'directory serves an older client than token knows of');
        await this.issueToNewer(authentication, consent);
    }
  }

  /** Claims, and whether the person is asked, go by the newer client. What the person has just agreed to is in the request. */
  private async issueToNewer(authentication: Authentication, consent: Consent): Promise<void> {
    const { deps, exchange, browser, request } = this;
    const client = await this.newerClient();
    if (client === undefined) {
      await this.refuseClient('client_changed');
      return;
    }
    const flow = new AuthorizationFlow(deps, exchange, browser, request, client);
    const mode = consent === 'approved' ? consent : flow.consentMode();
    if (mode === 'ask') await flow.askConsent(authentication);
    else await flow.issue(authentication, mode, true);
  }

  /** OpenID Connect Session Management 1.0 section 2. */
  private sessionState(): string | undefined {
    const { clientId, redirectUri, scopes } = this.request;
    if (!scopes.includes('openid')) return undefined;
    const salt = randomText(systemRandom, 16);
    return sessionState({ clientId, redirectUri, browserState: this.browser.state, salt }, digests);
  }

  /** That the person said no is an event of its own. */
  deny(): Promise<void> {
    this.tell(accessDenied('The person did not agree'));
    return Promise.resolve();
  }

  async fail(error: OAuthError): Promise<void> {
    await this.deps.refusals.record(this.exchange, error, this.client);
    this.tell(error);
  }

  private tell(error: OAuthError): void {
    const { deps, exchange, request, client } = this;
    const occasion = { silent: request.prompt.includes('none'), answered: exchange.answered !== undefined };
    sendErrorResponse(exchange, deps.issuer, request, { error, delivery: errorDelivery(client, occasion) });
  }

  /** Answers the client by way of the browser. */
  respond(response: AuthorizationResponse): void {
    sendResponse(this.exchange, this.deps.issuer, this.request, response);
  }
}

function issuedResponse(code: NewCode | undefined, front: FrontChannelTokens = {}): IssuedResponse {
  const { accessToken, idToken } = front;
  return {
    code: code && formatAuthorizationCode(code),
    accessToken: accessToken && { ...accessToken, scope: formatScope(accessToken.scopes) },
    idToken,
  };
}
