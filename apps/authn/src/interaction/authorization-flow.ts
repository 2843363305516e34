import {
  codeId,
  issueGrant,
  newId,
  type Authentication,
  type FrontChannelTokens,
  type GrantIssued,
} from '@signet/contracts';
import { digests, randomText, systemRandom } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import {
  accessDenied,
  errorDelivery,
  formatAuthorizationCode,
  formatScope,
  invalidRequest,
  invalidRequestUri,
  mayUseResponseType,
  responseParts,
  sessionState,
  type AuthorizationRequest,
  type AuthorizationResponse,
  type Client,
  type IssuedResponse,
  type OAuthError,
} from '@signet/protocol';
import { consentMode } from './consent-mode.js';
import { contextOf } from './exchange.js';
import { grantRequest, type Consent, type NewCode } from './grant-request.js';
import { InteractionFlow, type ClientChanged } from './interaction-flow.js';
import { sendErrorResponse, sendResponse } from './send-response.js';

/** A request to /authorize: its response goes to the client by way of the browser. */
export class AuthorizationFlow extends InteractionFlow<AuthorizationRequest> {
  protected consentMode(): 'ask' | Exclude<Consent, 'approved'> {
    return consentMode(this.request, this.client);
  }

  async issue(authentication: Authentication, consent: Consent): Promise<void> {
    const wanted = responseParts(this.request.responseType);
    const code = wanted.code ? { id: newId(codeId), secret: randomText(systemRandom, 32) } : undefined;
    const answer = await this.askToken(authentication, consent, code, this.client);
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
      case 'client_changed':
        await this.refuseClient('client_changed');
        return;
      case 'no_encryption_key':
        await this.fail(invalidRequest("The client's keys have none to encrypt its ID token with"));
        return;
      case 'request_spent':
        // RFC 9126 section 7.3: one request, one authorization.
        await this.fail(invalidRequestUri('The pushed request has been used'));
        return;
      case 'stale_client':
        throw new MeshError('unavailable', 'directory serves an older client than token knows of');
    }
  }

  private async askToken(
    authentication: Authentication,
    consent: Consent,
    code: NewCode | undefined,
    client: Client,
    again = true,
  ): Promise<GrantIssued | ClientChanged> {
    const { request, exchange } = this;
    const answer = await this.deps.requester.request(issueGrant, {
      ...grantRequest({ request, client, authentication, code, consent, claims: this.claims }),
      tenantId: exchange.tenant.id,
      context: contextOf(exchange, authentication.accountId),
    });
    if (answer.outcome !== 'stale_client' || !again) return answer;
    const newer = await this.newerClient();
    return newer && mayUseResponseType(newer, request.responseType)
      ? await this.askToken(authentication, consent, code, newer, false)
      : { outcome: 'client_changed' };
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
