import { acrValues, claimsWithin } from '@signet/claims';
import type { Authentication, DeadBy } from '@signet/contracts';
import { digests } from '@signet/keys';
import {
  clientNameIn,
  consentRequired,
  invalidRequest,
  loginRequired,
  satisfies,
  subjectFor,
  type Client,
} from '@signet/protocol';
import type { Browser } from './browser.js';
import { Clients } from './clients.js';
import { enabledNow } from './enabled-now.js';
import type { Exchange } from './exchange.js';
import type { Consent } from './grant-request.js';
import type { InteractionDeps } from './interaction-deps.js';
import type { InteractionRequest } from './interaction-request.js';
import { mayStillAsk } from './may-still-ask.js';
import { sendOAuthErrorPage } from './pages.js';
import type { ClientRefusal } from './refused-requests.js';
import { SignInFlow } from './sign-in-flow.js';
import { showConsent } from '../consent/consent-page.js';
import { showSelectAccount } from '../select-account/select-account-page.js';
import { showSignIn } from '../sign-in/sign-in-page.js';

/**
 * One request of a client at one browser, from its validation to its end. What is still to be done is derived anew at each step from what the server knows
 * (docs/adr/0006). What it ends in, and who is told, is the business of its kind.
 */
export abstract class InteractionFlow<R extends InteractionRequest = InteractionRequest> extends SignInFlow<R> {
  /** What the claims parameter asks for, as far as this client may have it. */
  readonly claims: ReturnType<typeof claimsWithin>;

  constructor(
    deps: InteractionDeps,
    exchange: Exchange,
    browser: Browser,
    request: R,
    readonly client: Client,
  ) {
    super(deps, exchange, browser, request);
    this.claims = claimsWithin(request.claims, client.scopes);
  }

  get clientId(): string {
    return this.client.clientId;
  }

  clientName(language: string): string {
    return clientNameIn(this.client, language);
  }

  /** What the person is asked to agree to: the scopes, and those that hold the claims asked for by name. */
  get wanted(): string[] {
    return [...new Set([...this.request.scopes, ...this.claims.agreed])];
  }

  /** Whether the person is asked before token is. */
  protected abstract consentMode(): 'ask' | Exclude<Consent, 'approved'>;

  /** The last step: token decides whether anything may be issued. `approved`: the person has just agreed to these scopes. */
  abstract issue(authentication: Authentication, consent: Consent): Promise<void>;

  /** The person, signed in, said no. */
  abstract deny(authentication: Authentication): Promise<void>;

  /** `selected`: the person has just said that this is the account that they mean. */
  async proceedAs(
    authentication: Authentication | undefined,
    { selected = false }: { readonly selected?: boolean } = {},
  ): Promise<void> {
    const session = authentication && { ...authentication, subject: await this.subject(authentication), selected };
    const facts = { session, reachableAcr: acrValues };
    const step = satisfies(this.request, facts, this.deps.clock.latest());
    if (step.next === 'error') {
      await this.fail(step.error);
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

  private async issueOrAsk(authentication: Authentication): Promise<void> {
    const mode = this.consentMode();
    if (mode === 'ask') await this.askConsent(authentication);
    else await this.issue(authentication, mode);
  }

  protected async askConsent(authentication: Authentication): Promise<void> {
    if (this.request.prompt.includes('none')) await this.fail(consentRequired('The person must consent'));
    else await showConsent(this, authentication);
  }

  /**
   * A floor stands against the sign-in, so the person signs in anew. That of a client or a tenant stays when they may act again; while they may not,
   * nobody signs in for them.
   */
  protected async refuse(by: DeadBy): Promise<void> {
    const { deps, exchange, client, request } = this;
    if (
      (by === 'client' || by === 'tenant') &&
      !(await enabledNow(deps.requester, exchange.tenant.id, client.clientId))
    ) {
      await this.refuseClient(by === 'client' ? 'client_ended' : 'tenant_ended');
      return;
    }
    // A client's floor ends no session, nor does that of what this client was given: other clients go on with it.
    const elsewhere = by === 'client' || by === 'grant';
    if (!elsewhere) this.browser.dropSession();
    if (request.prompt.includes('none')) await this.fail(loginRequired('The person must sign in'));
    else showSignIn(this, { notice: elsewhere ? 'reauthenticate' : 'session-ended' });
  }

  /** A client that may not act is told nothing. */
  protected async refuseClient(detail: ClientRefusal): Promise<void> {
    const error = invalidRequest('The client may not act', { detail });
    await this.deps.refusals.record(this.exchange, error, this.client);
    sendOAuthErrorPage(this.exchange, this.deps.issuer, 'invalid-client', error);
  }

  /** The client in a version that token takes, where it said that ours is older than a committed change; undefined where that may not ask for this. */
  protected async newerClient(): Promise<Client | undefined> {
    const clients = new Clients(this.deps.copies, this.exchange.tenant.id);
    const newer = await clients.find(this.client.clientId, this.client.version + 1);
    return newer && mayStillAsk(newer, this.request) ? newer.client : undefined;
  }
}
