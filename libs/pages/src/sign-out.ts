import { html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { logoutFrames } from './logout-frames.js';
import type { LogoutFrame } from './logout-frames.js';
import { messagesFor } from './messages/catalogue.js';

export interface SignOutView {
  /** Path that the form posts to. */
  readonly action: string;
  /** The sealed request; comes back as the field `interaction`. */
  readonly interaction: string;
  /** The client that asked, where it could be told. */
  readonly clientName?: string;
}

/** Buttons `decision` with `allow` (sign out) and `deny` (stay signed in). */
export function renderSignOut(view: SignOutView, context: PageContext): string {
  const { text, rich } = messagesFor(context.locale);
  const tenant = html`<strong>${context.branding.tenantName}</strong>`;
  const lead =
    view.clientName === undefined
      ? rich('sign-out.lead.tenant', { tenant })
      : rich('sign-out.lead.client', { client: html`<strong>${view.clientName}</strong>`, tenant });
  const body = html`<h1>${text('sign-out.title')}</h1>
    <p class="lead">${lead} ${text('sign-out.effect')}</p>
    <form class="stack" method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      <div class="pair">
        <button class="button button-primary" type="submit" name="decision" value="allow">
          ${text('sign-out.allow')}
        </button>
        <button class="button button-quiet" type="submit" name="decision" value="deny">${text('sign-out.deny')}</button>
      </div>
    </form>`;
  return renderDocument({ title: text('sign-out.title'), body }, context);
}

export interface SignedOutView {
  /** `stayed` after `decision=deny`. */
  readonly outcome?: 'signed-out' | 'stayed';
  /** A way back, where the client registered one; it is a link, never a redirect of this page. */
  readonly client?: { readonly name: string; readonly href: string };
  readonly frames?: readonly LogoutFrame[];
}

export function renderSignedOut(view: SignedOutView, context: PageContext): string {
  const { text, rich } = messagesFor(context.locale);
  const stayed = view.outcome === 'stayed';
  const title = text(stayed ? 'stayed-signed-in.title' : 'signed-out.title');
  const said = stayed
    ? rich('stayed-signed-in.body')
    : rich('signed-out.body', { tenant: html`<strong>${context.branding.tenantName}</strong>` });
  const way = view.client
    ? html`<p class="stack">
        <a class="button button-primary" href="${view.client.href}"
          >${text('signed-out.return', { client: view.client.name })}</a
        >
      </p>`
    : undefined;
  const body = html`<p class="badge">${icon('check')}</p>
    <h1>${title}</h1>
    <p class="lead">${said}</p>
    ${way} ${logoutFrames(view.frames ?? [])}`;
  return renderDocument({ title, body }, context);
}
