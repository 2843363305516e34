import { acrValues, claimsWithin } from '@signet/claims';
import {
  codeId,
  createSession,
  issueGrant,
  newId,
  pathAt,
  resolveSession,
  type Authentication,
  type FrontChannelTokens,
  type GrantIssued,
} from '@signet/contracts';
import { digests, randomText, systemRandom } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import {
  consentRequired,
  formatAuthorizationCode,
  formatScope,
  invalidRequest,
  invalidRequestUri,
  loginRequired,
  mayUseResponseType,
  responseParts,
  satisfies,
  subjectFor,
  type AuthorizationRequest,
  type AuthorizationResponse,
  type Client,
} from '@signet/protocol';
import type { z } from 'zod';
import type { Browser } from './browser.js';
import { Clients } from './clients.js';
import { consentMode } from './consent-mode.js';
import { contextOf, type Exchange } from './exchange.js';
import { grantRequest, type Consent, type NewCode } from './grant-request.js';
import type { InteractionDeps } from './interaction-deps.js';
import { sendOAuthErrorPage } from './pages.js';
import { sendResponse } from './send-response.js';
import { showConsent } from '../consent/consent-page.js';
import { showSelectAccount } from '../select-account/select-account-page.js';
import { showSignIn } from '../sign-in/sign-in-page.js';

type Begin = z.input<typeof createSession.request>;

/**
 * One authorization request at one browser, from its validation to its response. What is still to be done is derived anew at each step from what
 * the server knows (docs/adr/0006).
 */
export class InteractionFlow {
  readonly exchange: Exchange;
  /** What the claims parameter asks for, as far as this client may have it. */
  readonly claims: ReturnType<typeof claimsWithin>;

  constructor(
    readonly deps: InteractionDeps,
    exchange: Exchange,
    readonly browser: Browser,
    readonly request: AuthorizationRequest,
    readonly client: Client,
  ) {
    const { uiLocales, display } = request;
    this.exchange = { ...exchange, wishes: { uiLocales, popup: display === 'popup' } };
    this.claims = claimsWithin(request.claims, client.scopes);
  }

  /** What the person is asked to agree to: the scopes, and those that hold the claims asked for by name. */
  get wanted(): string[] {
    return [...new Set([...this.request.scopes, ...this.claims.agreed])];
  }

  /** Goes on with whatever the session leaves to do. */
  async proceed(): Promise<void> {
    await this.proceedAs(await this.liveSession());
  }

  /** `selected`: the person has just said that this is the account that they mean. */
  async proceedAs(
    authentication: Authentication | undefined,
    { selected = false }: { readonly selected?: boolean } = {},
  ): Promise<void> {
    const session = authentication && { ...authentication, subject: await this.subject(authentication), selected };
    const facts = { session, consent: 'unasked' as const, reachableAcr: acrValues };
    const step = satisfies(this.request, this.client, facts, this.deps.clock.now());
    if (step.next === 'error') {
      this.respond({ error: step.error });
    } else if (step.next === 'select_account' && authentication) {
      await showSelectAccount(this, authentication);
    } else if (step.next === 'issue' && authentication) {
      await this.issueOrAsk(authentication);
    } else {
      showSignIn(this, session ? { notice: 'reauthenticate' } : {});
    }
  }

  /** Who is signed in, as this client sees them; only where the request names somebody, since it may take a message. */
  private async subject({ accountId }: Authentication): Promise<string | undefined> {
    if (this.request.subjects === undefined) return undefined;
    const account = await this.deps.copies.account(this.exchange.tenant.id, accountId);
    return account && subjectFor(account, this.client, digests);
  }

  /** The browser's session, where it lives. Throws `unavailable` when session cannot say: nobody is taken for signed out. */
  async liveSession(): Promise<Authentication | undefined> {
    const { session } = this.browser;
    if (!session) return undefined;
    const found = await this.deps.requester.request(resolveSession, {
      tenantId: this.exchange.tenant.id,
      session,
      clientId: this.client.clientId,
      context: contextOf(this.exchange),
    });
    return found.outcome === 'live' ? found.authentication : undefined;
  }

  /** Begins or raises the session of a person who has just proved who they are. */
  async beginSession(proof: Pick<Begin, 'session' | 'accountId' | 'since' | 'acr' | 'amr'>): Promise<Authentication> {
    const { tenant } = this.exchange;
    const replaces = this.browser.session;
    return await this.deps.requester.request(createSession, {
      ...proof,
      tenantId: tenant.id,
      clientId: this.client.clientId,
      ...(replaces && { replaces }),
      lifetimes: tenant.policies.session,
      context: contextOf(this.exchange, proof.accountId),
    });
  }

  private async issueOrAsk(authentication: Authentication): Promise<void> {
    const mode = consentMode(this.request, this.client);
    if (mode === 'ask') await this.askConsent(authentication);
    else await this.issue(authentication, mode);
  }

  /** The last step: token decides whether anything may be issued. `approved`: the person has just agreed to these scopes. */
  async issue(authentication: Authentication, consent: Consent): Promise<void> {
    const wanted = responseParts(this.request.responseType);
    const code = wanted.code ? { id: newId(codeId), secret: randomText(systemRandom, 32) } : undefined;
    const answer = await this.askToken(authentication, consent, code, this.client);
    switch (answer.outcome) {
      case 'issued':
        this.respond(issuedResponse(code, answer.front));
        return;
      case 'consent_required':
        await this.askConsent(authentication);
        return;
      case 'dead':
        this.refuse(answer.by);
        return;
      case 'no_encryption_key':
        this.respond({ error: invalidRequest("The client's keys have none to encrypt its ID token with") });
        return;
      case 'request_spent':
        // RFC 9126 section 7.3: one request, one authorization.
        this.respond({ error: invalidRequestUri('The pushed request has been used') });
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
  ): Promise<GrantIssued> {
    const { request, exchange } = this;
    const answer = await this.deps.requester.request(issueGrant, {
      ...grantRequest({ request, client, authentication, code, consent, claims: this.claims }),
      tenantId: exchange.tenant.id,
      context: contextOf(exchange, authentication.accountId),
    });
    if (answer.outcome !== 'stale_client' || !again) return answer;
    const clients = new Clients(this.deps.copies, exchange.tenant.id);
    const newer = (await clients.find(client.clientId, client.version + 1))?.client;
    return newer && mayUseResponseType(newer, request.responseType)
      ? await this.askToken(authentication, consent, code, newer, false)
      : { outcome: 'dead', by: 'client' };
  }

  private async askConsent(authentication: Authentication): Promise<void> {
    if (this.request.prompt.includes('none')) {
      this.respond({ error: consentRequired('The person must consent') });
    } else {
      await showConsent(this, authentication);
    }
  }

  /** What stands against an issue decides who is told: a client or tenant that may not act gets nothing; a person may sign in anew. */
  private refuse(by: Extract<GrantIssued, { outcome: 'dead' }>['by']): void {
    if (by === 'client' || by === 'tenant') {
      const error = invalidRequest('The client may not act', { detail: `${by} floor` });
      sendOAuthErrorPage(this.exchange, this.deps.issuer, 'invalid-client', error);
      return;
    }
    this.browser.dropSession();
    if (this.request.prompt.includes('none')) this.respond({ error: loginRequired('The person must sign in') });
    else showSignIn(this, { notice: 'session-ended' });
  }

  /** Answers the client by way of the browser. */
  respond(response: AuthorizationResponse): void {
    sendResponse(this.exchange, this.deps.issuer, this.request, response);
  }

  /** Where a page of this tenant posts to. */
  path(path: string): string {
    return pathAt(this.exchange.tenant, path);
  }
}

function issuedResponse(code: NewCode | undefined, front: FrontChannelTokens = {}): AuthorizationResponse {
  const { accessToken, idToken } = front;
  return {
    code: code && formatAuthorizationCode(code),
    accessToken: accessToken && { ...accessToken, scope: formatScope(accessToken.scopes) },
    idToken,
  };
}
