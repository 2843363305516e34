import type { Authentication } from '@signet/contracts';
import type { AccountNotice } from '@signet/pages';
import { seeOther } from '@signet/service';
import type { AccountRequest } from '../interaction/interaction-request.js';
import { SignInFlow } from '../interaction/sign-in-flow.js';
import { showSignIn } from '../sign-in/sign-in-page.js';

/** A person who looks after their own account: no client asks for anything, and nothing is issued. */
export class AccountFlow extends SignInFlow<AccountRequest> {
  readonly clientId = undefined;

  clientName(): undefined {
    return undefined;
  }

  /** On to the page, which looks for itself whether the session is good for it. */
  proceedAs(authentication: Authentication | undefined): Promise<void> {
    if (authentication) this.goOn(this.request.uiLocales);
    else showSignIn(this);
    return Promise.resolve();
  }

  /** To the page, in the language that was asked for. */
  goOn(uiLocales: readonly string[], notice?: AccountNotice): void {
    const query = new URLSearchParams({
      ...(notice !== undefined && { notice }),
      ...(uiLocales.length > 0 && { ui_locales: uiLocales.join(' ') }),
    });
    seeOther(this.exchange.reply, `${this.path('/account')}${query.size > 0 ? `?${query.toString()}` : ''}`);
  }

  /** Nobody has to be told. */
  fail(): Promise<void> {
    showSignIn(this);
    return Promise.resolve();
  }

  /** A floor stands against the session. */
  expire(): void {
    this.browser.dropSession();
    showSignIn(this, { notice: 'session-ended' });
  }
}
