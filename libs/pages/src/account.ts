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
import { scopeItem } from './scope-item.js';
import type { ConsentScope } from './scope-item.js';

const notices = ['session-ended', 'others-ended', 'withdrawn', 'expired'] as const;
/** What the page says of what was just done on it. */
export type AccountNotice = (typeof notices)[number];

export const isAccountNotice = (name: string | undefined): name is AccountNotice =>
  notices.some((notice) => notice === name);

/** Instants in milliseconds since the epoch. */
export interface AccountSession {
  readonly id: string;
  /** The one that this page is seen in. */
  readonly current: boolean;
  readonly browser?: string;
  readonly system?: string;
  /** Empty where it is not known. */
  readonly ip: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly clientNames: readonly string[];
}

export interface AccountGrant {
  readonly id: string;
  readonly clientName: string;
  readonly scopes: readonly ConsentScope[];
  readonly agreedAt: number;
  readonly lastUsedAt?: number;
}

export interface AccountView {
  /** Path that the forms post to. */
  readonly action: string;
  /** What makes the forms this browser's own; comes back as the field `interaction`. */
  readonly interaction: string;
  readonly signOutPath: string;
  readonly account: ShownAccount;
  readonly now: number;
  readonly notice?: AccountNotice;
  readonly sessions: readonly AccountSession[];
  /** There are more than these. */
  readonly moreSessions: boolean;
  readonly grants: readonly AccountGrant[];
  readonly moreGrants: boolean;
}

const styles = `
main{max-width:40rem;margin-block:0}
.part{margin-top:2.25rem}
.part h2{font-size:1.0625rem}
.items{margin-top:.875rem;border-top:1px solid var(--line)}
.items>li{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:flex-start;padding:1rem 0;border-bottom:1px solid var(--line)}
.items .icon{margin-top:.0625rem;color:var(--accent)}
.items .monogram-client{width:2.25rem;height:2.25rem;font-size:1rem;border-radius:.625rem}
.what{flex:1 1 14rem;min-width:0;font-size:.9375rem;line-height:1.45}
.what p{color:var(--muted);font-size:.875rem;margin-top:.125rem}
.what h3{margin:0;font-size:1rem;line-height:1.35;font-weight:600}
.here{display:inline-block;margin-inline-start:.375rem;padding:.0625rem .5rem;border-radius:1rem;background:var(--tint);color:var(--accent);font-size:.8125rem;font-weight:600}
.items .button,.alone .button{width:auto;min-height:2.75rem;padding:.375rem 1rem;font-size:.9375rem}
.alone{margin-top:1rem}
details{margin-top:.25rem}
summary{width:fit-content;padding-block:.75rem;color:var(--accent);cursor:pointer;font-size:.875rem}
@media (max-width:30rem){.items form,.items .button,.alone .button{width:100%}}
`;

/**
 * Forms with a button `decision`: `end-session` with the field `session`, `end-others`, `withdraw` with the field `grant`. Works without
 * JavaScript.
 */
export function renderAccount(view: AccountView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text } = messages;
  const body = html`<h1>${text('account.title')}</h1>
    ${view.notice && noticeOf(view.notice, messages)}
    <div class="stack">
      <div class="account">${accountRow(view.account, text('consent.account'), context)}</div>
    </div>
    <section class="part" aria-labelledby="sessions">
      <h2 id="sessions">${text('account.sessions')}</h2>
      <ul class="items">
        ${view.sessions.map((session) => sessionItem(session, view, messages))}
      </ul>
      ${view.moreSessions ? html`<p class="small alone">${text('account.sessions.more')}</p>` : undefined}
      ${view.sessions.length > 1 ? endOthers(view, messages) : undefined}
    </section>
    <section class="part" aria-labelledby="grants">
      <h2 id="grants">${text('account.grants')}</h2>
      ${
        view.grants.length === 0
          ? html`<p class="lead">${text('account.grants.none')}</p>`
          : html`<ul class="items">
              ${view.grants.map((grant) => grantItem(grant, view, messages, context))}
            </ul>`
      }
      ${view.moreGrants ? html`<p class="small alone">${text('account.grants.more')}</p>` : undefined}
    </section>`;
  return renderDocument({ title: text('account.title'), body, styles }, context);
}

const noticeOf = (notice: AccountNotice, { text }: Messages): Html =>
  html`<div class="notice" role="status">
    ${icon(notice === 'expired' ? 'clock' : 'check')}
    <p>${text(`account.notice.${notice}`)}</p>
  </div>`;

function sessionItem(session: AccountSession, view: AccountView, messages: Messages): Html {
  const { text } = messages;
  const device = deviceText(session, messages);
  const facts = [
    session.current ? undefined : text('account.seen', { when: messages.ago(session.lastSeenAt - view.now) }),
    text('account.began', { when: messages.ago(session.createdAt - view.now) }),
    session.ip === '' ? undefined : session.ip,
  ];
  const apps = session.clientNames;
  return html`<li>
    ${icon(isHandheld(session) ? 'phone' : 'computer')}
    <div class="what">
      <h3>${device}${session.current ? html` <span class="here">${text('account.here')}</span>` : undefined}</h3>
      <p id="facts-${session.id}">${inOneLine(facts)}</p>
      ${apps.length === 0 ? undefined : html`<p>${text('account.apps')} ${names(apps)}</p>`}
    </div>
    ${
      session.current
        ? html`<a class="button button-quiet" href="${view.signOutPath}">${text('sign-out.allow')}</a>`
        : html`<form method="post" action="${view.action}">
            <input type="hidden" name="interaction" value="${view.interaction}" />
            <input type="hidden" name="session" value="${session.id}" />
            <button
              class="button button-quiet"
              type="submit"
              name="decision"
              value="end-session"
              aria-label="${text('account.end.of', { device })}"
              aria-describedby="facts-${session.id}"
            >
              ${text('account.end')}
            </button>
          </form>`
    }
  </li>`;
}

const inOneLine = (facts: readonly (string | undefined)[]): string =>
  facts.filter((fact) => fact !== undefined).join(' · ');

const isHandheld = ({ system = '' }: AccountSession): boolean => ['iPhone', 'iPad', 'Android'].includes(system);

/** Each apart from the others, in whatever direction it is written. */
const names = (all: readonly string[]): Html =>
  html`${all.map((name, index) => html`${index === 0 ? '' : ', '}<bdi>${name}</bdi>`)}`;

function deviceText({ browser, system }: AccountSession, { text }: Messages): string {
  if (browser !== undefined && system !== undefined) return text('account.device', { browser, system });
  return browser ?? system ?? text('account.device.unknown');
}

const endOthers = (view: AccountView, { text }: Messages): Html =>
  html`<form class="alone" method="post" action="${view.action}">
    <input type="hidden" name="interaction" value="${view.interaction}" />
    <p class="small" id="others">${text('account.end-others.effect')}</p>
    <button
      class="button button-quiet alone"
      type="submit"
      name="decision"
      value="end-others"
      aria-describedby="others"
    >
      ${text('account.end-others')}
    </button>
  </form>`;

function grantItem(grant: AccountGrant, view: AccountView, messages: Messages, { locale }: PageContext): Html {
  const { text } = messages;
  const { agreedAt, lastUsedAt } = grant;
  const facts = [
    text('account.agreed', { when: messages.ago(agreedAt - view.now) }),
    lastUsedAt === undefined ? undefined : text('account.used', { when: messages.ago(lastUsedAt - view.now) }),
  ];
  return html`<li>
    ${monogram(grant.clientName, locale, 'client')}
    <div class="what">
      <h3><bdi>${grant.clientName}</bdi></h3>
      <p>${inOneLine(facts)}</p>
      <details>
        <summary aria-label="${text('account.scopes.of', { client: grant.clientName })}">
          ${text('account.scopes')}
        </summary>
        <ul class="scopes">
          ${grant.scopes.map((scope) => scopeItem(scope, messages))}
        </ul>
      </details>
    </div>
    <form method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      <input type="hidden" name="grant" value="${grant.id}" />
      <button
        class="button button-quiet"
        type="submit"
        name="decision"
        value="withdraw"
        aria-label="${text('account.withdraw.of', { client: grant.clientName })}"
      >
        ${text('account.withdraw')}
      </button>
    </form>
  </li>`;
}
