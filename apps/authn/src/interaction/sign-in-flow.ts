import { createSession, pathAt, resolveSession, type Authentication } from '@signet/contracts';
import type { OAuthError } from '@signet/protocol';
import type { z } from 'zod';
import type { Browser } from './browser.js';
import { contextOf, type Exchange } from './exchange.js';
import type { InteractionDeps } from './interaction-deps.js';
import type { SignInRequest } from './interaction-request.js';

type Begin = z.input<typeof createSession.request>;

export interface Proof extends Pick<Begin, 'session' | 'accountId' | 'since' | 'acr' | 'amr'> {
  /** The person wants to stay signed in; counts where the tenant's policy has it. */
  readonly remembered: boolean;
}

/** One request at one browser that needs somebody who is signed in, whatever it is for. */
export abstract class SignInFlow<R extends SignInRequest = SignInRequest> {
  readonly exchange: Exchange;

  constructor(
    readonly deps: InteractionDeps,
    exchange: Exchange,
    readonly browser: Browser,
    readonly request: R,
  ) {
    const popup = 'display' in request && request.display === 'popup';
    this.exchange = { ...exchange, wishes: { uiLocales: request.uiLocales, popup } };
  }

  /** Who takes part in the session by it; a page of our own has no client. */
  abstract readonly clientId: string | undefined;

  /** As a person who reads `language` is told of it. */
  abstract clientName(language: string): string | undefined;

  /** Goes on with what the session leaves to do; without one, or with one that does not do, the person signs in. */
  abstract proceedAs(authentication: Authentication | undefined): Promise<void>;

  /** It ends here, with nothing. */
  abstract fail(error: OAuthError): Promise<void>;

  async proceed(): Promise<void> {
    await this.proceedAs(await this.liveSession());
  }

  /** The browser's session, where it lives. Throws `unavailable` when session cannot say: nobody is taken for signed out. */
  async liveSession(): Promise<Authentication | undefined> {
    const { session } = this.browser;
    if (!session) return undefined;
    const found = await this.deps.requester.request(resolveSession, {
      tenantId: this.exchange.tenant.id,
      session,
      ...(this.clientId !== undefined && { clientId: this.clientId }),
      context: contextOf(this.exchange),
    });
    return found.outcome === 'live' ? found.authentication : undefined;
  }

  /** Begins or raises the session of a person who has just proved who they are, and gives the browser its cookie. */
  async beginSession({ remembered, ...proof }: Proof, secret: string): Promise<Authentication> {
    const { tenant } = this.exchange;
    const { remembered: longer, ...lifetimes } = tenant.policies.session;
    const kept = remembered ? longer : undefined;
    const replaces = this.browser.session;
    const authentication = await this.deps.requester.request(createSession, {
      ...proof,
      tenantId: tenant.id,
      ...(this.clientId !== undefined && { clientId: this.clientId }),
      ...(replaces && { replaces }),
      lifetimes: kept ?? lifetimes,
      remembered: kept !== undefined,
      context: contextOf(this.exchange, proof.accountId),
    });
    const until = kept && authentication.sessionExpiresAt;
    this.browser.keepSession(authentication.sessionId, secret, until && { until, now: this.deps.clock.latest() });
    return authentication;
  }

  /** Where a page of this tenant posts to. */
  path(path: string): string {
    return pathAt(this.exchange.tenant, path);
  }
}
