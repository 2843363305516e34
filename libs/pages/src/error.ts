import { html } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import type { Messages } from './messages/catalogue.js';

export type ErrorKind =
  | 'invalid-client'
  | 'invalid-redirect-uri'
  | 'invalid-request'
  | 'expired'
  | 'too-many-attempts'
  | 'temporarily-unavailable'
  | 'not-found'
  | 'server-error';

/** What a person can say of an error to somebody who may help. */
export interface ErrorFacts {
  /** The code as an RFC names it, such as `invalid_request`. */
  readonly code: string;
  /** What the logs and the audit record of this request can be found by. */
  readonly traceId: string;
  /** The public `error_description`, which is for developers. */
  readonly description?: string;
}

export interface ErrorView extends ErrorFacts {
  readonly kind: ErrorKind;
  /** With too-many-attempts and temporarily-unavailable; the caller sends Retry-After too. */
  readonly retryAfterSeconds?: number;
  /** A path of our own that a GET of can repeat. */
  readonly retryHref?: string;
}

/** The end of a request that cannot go back to its client; it never redirects. */
export function renderError(view: ErrorView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text } = messages;
  const title = text(`error.${view.kind}.title`);
  const waits = view.kind === 'too-many-attempts' || view.kind === 'temporarily-unavailable';
  const body = html`<p class="${waits ? 'badge' : 'badge badge-danger'}">${icon(waits ? 'clock' : 'alert')}</p>
    <h1>${title}</h1>
    <p class="lead">${explanation(view, context, messages)}</p>
    ${view.retryHref === undefined ? undefined : html`<p class="stack"><a class="button button-primary" href="${view.retryHref}">${text('error.retry')}</a></p>`}
    ${support(view, messages)}`;
  return renderDocument({ title: text('page.error', { title }), body }, context);
}

export function support({ code, traceId, description }: ErrorFacts, { text }: Messages): Html {
  const fact = (name: string, value: string) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<section class="support">
    <p class="small">${text('error.support')}</p>
    <dl class="facts">
      ${fact(text('error.code'), code)} ${fact(text('error.trace'), traceId)}
      ${description === undefined ? undefined : fact(text('error.description'), description)}
    </dl>
  </section>`;
}

function explanation(view: ErrorView, context: PageContext, { rich, when }: Messages): Html {
  const tenant = context.branding.tenantName;
  switch (view.kind) {
    case 'invalid-client':
    case 'invalid-redirect-uri':
      return rich(`error.${view.kind}.body`, { tenant });
    case 'too-many-attempts':
      return rich('error.too-many-attempts.body', { when: when(view.retryAfterSeconds) });
    case 'temporarily-unavailable':
      return rich('error.temporarily-unavailable.body', { tenant, when: when(view.retryAfterSeconds) });
    case 'invalid-request':
    case 'expired':
    case 'not-found':
    case 'server-error':
      return rich(`error.${view.kind}.body`);
  }
}
