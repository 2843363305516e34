import { acrValues, claimsWithin } from '@signet/claims';
import { createSession, pathAt, resolveSession, type Authentication, type DeadBy } from '@signet/contracts';
import { digests } from '@signet/keys';
import {
  consentRequired,
  invalidRequest,
  loginRequired,
  satisfies,
  subjectFor,
  type Client,
  type OAuthError,
} from '@signet/protocol';
import type { z } from 'zod';
import type { Browser } from './browser.js';
import { Clients } from './clients.js';
import { enabledNow } from './enabled-now.js';
import { contextOf, type Exchange } from './exchange.js';
import type { Consent } from './grant-request.js';
import type { InteractionDeps } from './interaction-deps.js';
import type { InteractionRequest } from './interaction-request.js';
import { sendOAuthErrorPage } from './pages.js';
import { showConsent } from '../consent/consent-page.js';
import { showSelectAccount } from '../select-account/select-account-page.js';
import { showSignIn } from '../sign-in/sign-in-page.js';

type Begin = z.input<typeof createSession.request>;

/** What token knows of the client is newer than ours, and by that it may not ask for this. */
export interface ClientChanged {
  readonly outcome: 'client_changed';
}

/**
 * One request at one browser, from its validation to its end. What is still to be done is derived anew at each step from what the server knows
 * (docs/adr/0006). What it ends in, and who is told, is the business of its kind.
 */
export abstract class InteractionFlow<R extends InteractionRequest = InteractionRequest> {
  readonly exchange: Exchange;
  /** What the claims parameter asks for, as far as this client may have it. */
  readonly claims: ReturnType<typeof claimsWithin>;

  constructor(
    readonly deps: InteractionDeps,
    exchange: Exchange,
    readonly browser: Browser,
    readonly request: R,
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

  /** Whether the person is asked before token is. */
  protected abstract consentMode(): 'ask' | Exclude<Consent, 'approved'>;

  /** The last step: token decides whether anything may be issued. `approved`: the person has just agreed to these scopes. */
  abstract issue(authentication: Authentication, consent: Consent): Promise<void>;

  /** The person, signed in, said no. */
  abstract deny(authentication: Authentication): Promise<void>;

  /** It ends here, with nothing. */
  abstract fail(error: OAuthError): void;

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
    const facts = { session, reachableAcr: acrValues };
    const step = satisfies(this.request, facts, this.deps.clock.latest());
    if (step.next === 'error') {
      this.fail(step.error);
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
    const mode = this.consentMode();
    if (mode === 'ask') await this.askConsent(authentication);
    else await this.issue(authentication, mode);
  }

  protected async askConsent(authentication: Authentication): Promise<void> {
    if (this.request.prompt.includes('none')) this.fail(consentRequired('The person must consent'));
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
      this.refuseClient(`${by} floor`);
      return;
    }
    // A client's floor ends no session: other clients go on with it.
    if (by !== 'client') this.browser.dropSession();
    if (request.prompt.includes('none')) this.fail(loginRequired('The person must sign in'));
    else showSignIn(this, { notice: by === 'client' ? 'reauthenticate' : 'session-ended' });
  }

  /** A client that may not act is told nothing. */
  protected refuseClient(detail: string): void {
    const error = invalidRequest('The client may not act', { detail });
    sendOAuthErrorPage(this.exchange, this.deps.issuer, 'invalid-client', error);
  }

  /** The client in a version that token takes, where it said that ours is older than a committed change; undefined where it may not act any more. */
  protected async newerClient(): Promise<Client | undefined> {
    const clients = new Clients(this.deps.copies, this.exchange.tenant.id);
    const newer = (await clients.find(this.client.clientId, this.client.version + 1))?.client;
    return newer?.enabled === true ? newer : undefined;
  }

  /** Where a page of this tenant posts to. */
  path(path: string): string {
    return pathAt(this.exchange.tenant, path);
  }
}
