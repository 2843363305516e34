import { accountRow } from './account-row.js';
import type { ShownAccount } from './account-row.js';
import { html } from './html/html.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';

export interface SelectAccountView {
  /** Path that the form posts to. */
  readonly action: string;
  /** The sealed request; comes back as the field `interaction`. */
  readonly interaction: string;
  readonly clientName: string;
  /** The one that is signed in. */
  readonly account: ShownAccount;
}

/** Buttons `decision` with `continue` and `switch`; works without JavaScript. */
export function renderSelectAccount(view: SelectAccountView, context: PageContext): string {
  const { text, rich } = messagesFor(context.locale);
  const body = html`<h1>${text('select-account.title')}</h1>
    <p class="lead">${rich('sign-in.lead.client', { client: html`<strong>${view.clientName}</strong>` })}</p>
    <form class="stack" method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      <div class="account">${accountRow(view.account, text('consent.account'), context)}</div>
      <div class="actions">
        <button class="button button-primary" type="submit" name="decision" value="continue">
          ${text('select-account.continue')}
        </button>
        <button class="button button-quiet" type="submit" name="decision" value="switch">
          ${text('consent.switch')}
        </button>
      </div>
    </form>`;
  return renderDocument({ title: text('select-account.title'), body }, context);
}
