import { attributes, html } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import type { Messages } from './messages/catalogue.js';

export type SignInProblem = 'wrong-credentials' | 'missing-credentials' | 'too-many-attempts';

export interface SignInView {
  /** Path that the form posts to. */
  readonly action: string;
  /** The sealed request; comes back as the field `interaction`. */
  readonly interaction: string;
  /** The client that asked, where there is one. */
  readonly clientName?: string;
  /** `login_hint`, or what was typed before. A password is never written back. */
  readonly username?: string;
  /** Why a person who is signed in already sees this page. */
  readonly notice?: 'reauthenticate' | 'session-ended';
  readonly problem?: SignInProblem;
  /** With too-many-attempts. */
  readonly retryAfterSeconds?: number;
  /** Shows a box that posts `remember=yes`, ticked or not. */
  readonly remember?: 'yes' | 'no';
  /** Shows a button that posts `decision=deny`. */
  readonly canCancel?: boolean;
}

/** Fields `username`, `password`, `interaction` and, where asked for, `remember`; works without JavaScript. */
export function renderSignIn(view: SignInView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text, rich } = messages;
  const heading = text('sign-in.title');
  const lead =
    view.clientName === undefined
      ? rich('sign-in.lead.tenant', { tenant: html`<strong>${context.branding.tenantName}</strong>` })
      : rich('sign-in.lead.client', { client: html`<strong>${view.clientName}</strong>` });
  const body = html`<h1>${heading}</h1>
    <p class="lead">${lead}</p>
    ${notice(view, messages)}
    <form class="stack" method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      ${fields(view, messages)} ${view.remember && rememberBox(view.remember, messages)}
      <div class="actions">
        <button class="button button-primary" type="submit">${text('sign-in.submit')}</button>
        ${view.canCancel === true ? html`<button class="button button-quiet" type="submit" name="decision" value="deny" formnovalidate>${text('sign-in.cancel')}</button>` : undefined}
      </div>
    </form>`;
  return renderDocument({ title: view.problem ? text('page.error', { title: heading }) : heading, body }, context);
}

function fields(view: SignInView, { text }: Messages): Html {
  const invalid = view.problem === 'wrong-credentials' || view.problem === 'missing-credentials';
  const described = {
    'aria-invalid': invalid ? 'true' : undefined,
    'aria-describedby': view.problem ? 'problem' : undefined,
  };
  const knowsUsername = view.username !== undefined && view.username !== '';
  return html`<div class="field">
      <label for="username">${text('sign-in.username')}</label>
      <input
        id="username"
        name="username"
        type="text"
        value="${view.username ?? ''}"
        autocomplete="username"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        required
        ${attributes({ ...described, autofocus: !knowsUsername })}
      />
    </div>
    <div class="field">
      <label for="password">${text('sign-in.password')}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        ${attributes({ ...described, autofocus: knowsUsername })}
      />
    </div>`;
}

const rememberBox = (remember: 'yes' | 'no', { text }: Messages): Html =>
  html`<div class="choice">
    <input id="remember" name="remember" type="checkbox" value="yes" ${attributes({ checked: remember === 'yes' })} />
    <label for="remember">${text('sign-in.remember')}</label>
  </div>`;

function notice(view: SignInView, messages: Messages): Html | undefined {
  const { text } = messages;
  if (view.problem) {
    return html`<div class="notice notice-danger" id="problem" role="alert">
      ${icon('alert')}
      <div>
        <strong>${text('sign-in.problem.title')}</strong>
        <p>${problemText(view.problem, view.retryAfterSeconds, messages)}</p>
      </div>
    </div>`;
  }
  if (view.notice === undefined) return undefined;
  return html`<div class="notice" role="status">
    ${icon('clock')}
    <p>${text(`sign-in.notice.${view.notice}`)}</p>
  </div>`;
}

function problemText(problem: SignInProblem, retryAfter: number | undefined, { text, when }: Messages): string {
  switch (problem) {
    case 'wrong-credentials':
    case 'missing-credentials':
      return text(`sign-in.problem.${problem}`);
    case 'too-many-attempts':
      return text(`sign-in.problem.${problem}`, { when: when(retryAfter) });
  }
}
