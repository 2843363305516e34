import { accountRow } from './account-row.js';
import type { ShownAccount } from './account-row.js';
import { monogram } from './branding.js';
import { html } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import type { Messages } from './messages/catalogue.js';
import { placeOf } from './place.js';
import { scopeItem } from './scope-item.js';
import type { ConsentScope } from './scope-item.js';

/** Where the access goes, which is what a person can check; a name is chosen by the client. */
export type ConsentDestination =
  /** `host`: of the redirect_uri, as `placeOf` has it. */
  | { readonly kind: 'client'; readonly host: string }
  /** `userCode`: as the device shows it. */
  | { readonly kind: 'device'; readonly userCode: string };

export interface ConsentView {
  /** Path that the form posts to. */
  readonly action: string;
  /** The sealed request; comes back as the field `interaction`. */
  readonly interaction: string;
  readonly client: {
    readonly name: string;
    /** Where its logo is served by us, in place of the monogram. */
    readonly logoPath?: string;
    readonly policyUri?: string;
    readonly termsUri?: string;
  };
  readonly destination: ConsentDestination;
  readonly account: ShownAccount;
  readonly scopes: readonly ConsentScope[];
  /** Shows a button that posts `decision=switch`. */
  readonly canSwitchAccount?: boolean;
}

/** Buttons `decision` with `allow`, `deny` and, where asked for, `switch`; works without JavaScript. */
export function renderConsent(view: ConsentView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text, rich } = messages;
  const body = html`<p class="client-mark">${mark(view, context)}</p>
    <h1>${rich('consent.title', { client: view.client.name })}</h1>
    <form class="stack" method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      ${comparison(view.destination, messages)} ${account(view, context, messages)}
      <section>
        <h2>${rich('consent.scopes', { client: view.client.name })}</h2>
        <ul class="scopes">
          ${view.scopes.map((scope) => scopeItem(scope, messages))}
        </ul>
      </section>
      ${redirectHost(view.destination, messages)}
      <div class="pair">
        <button class="button button-primary" type="submit" name="decision" value="allow">
          ${text('consent.allow')}
        </button>
        <button class="button button-quiet" type="submit" name="decision" value="deny">${text('consent.deny')}</button>
      </div>
      ${links(view, messages)}
    </form>`;
  return renderDocument({ title: `${text('consent.document')}: ${view.client.name}`, body }, context);
}

function mark({ client }: ConsentView, { locale }: PageContext): Html {
  return client.logoPath === undefined
    ? monogram(client.name, locale, 'client')
    : html`<img class="client-logo" src="${client.logoPath}" alt="" width="48" height="48" />`;
}

/** RFC 8628 section 5.4: somebody else's device may be waiting for this person's yes, so its code is compared, before all else. */
function comparison(to: ConsentDestination, { text }: Messages): Html | undefined {
  if (to.kind !== 'device') return undefined;
  return html`<div class="notice">
    ${icon('alert')}
    <div>
      <strong>${text('consent.device')}</strong>
      <p class="user-code">${to.userCode}</p>
      <p>${text('consent.device.compare')}</p>
    </div>
  </div>`;
}

function redirectHost(to: ConsentDestination, { rich }: Messages): Html | undefined {
  if (to.kind !== 'client') return undefined;
  return html`<p class="small">${rich('consent.host', { host: html`<strong>${to.host}</strong>` })}</p>`;
}

function account(view: ConsentView, context: PageContext, { text }: Messages): Html {
  return html`<div class="account">
    ${accountRow(view.account, text('consent.account'), context)}
    ${view.canSwitchAccount === true ? switchButton(text('consent.switch')) : undefined}
  </div>`;
}

function switchButton(label: string): Html {
  return html`<button class="button button-row" type="submit" name="decision" value="switch">${label}</button>`;
}

function links(view: ConsentView, { text }: Messages): Html | undefined {
  const { policyUri, termsUri } = view.client;
  if (policyUri === undefined && termsUri === undefined) return undefined;
  // A label is ours and the same for everybody; where it leads is what a person can check.
  const link = (href: string | undefined, label: string) =>
    href === undefined
      ? undefined
      : html`<span
          ><a href="${href}" target="_blank" rel="noopener noreferrer">${label}</a> <bdi>(${placeOf(href)})</bdi></span
        >`;
  return html`<p class="links small">
    ${link(policyUri, text('consent.policy'))}${link(termsUri, text('consent.terms'))}
  </p>`;
}
