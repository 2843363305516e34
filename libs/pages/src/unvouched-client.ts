import { support } from './error.js';
import type { ErrorFacts } from './error.js';
import { html } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import { placeOf } from './place.js';
import { postingForm } from './posting-form.js';
import type { PostedFields } from './posting-form.js';

/** How a browser gets to a client: by a link, or by a form that it posts. */
export type Way = { readonly kind: 'redirect'; readonly url: string } | ({ readonly kind: 'form_post' } & PostedFields);

export interface UnvouchedClientView {
  /** Where the person may go, with all that goes there. */
  readonly way: Way;
  /** What the client is told that way; absent where somebody else's link leads to it. */
  readonly error?: ErrorFacts;
}

/** RFC 9700 section 4.11.2: nobody vouches for the client, so the way there is the person's to take; the page never takes it by itself. */
export function renderUnvouchedClient({ way, error }: UnvouchedClientView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text, rich } = messages;
  const kind = error ? 'error' : 'start';
  const place = placeOf(way.kind === 'redirect' ? way.url : way.action);
  const title = text(`unvouched-client.${kind}.title`);
  const values = { host: html`<strong>${place}</strong>`, tenant: context.branding.tenantName };
  const body = html`<p class="${error ? 'badge badge-danger' : 'badge'}">${icon('alert')}</p>
    <h1>${title}</h1>
    <p class="lead">${rich(`unvouched-client.${kind}.body`, values)}</p>
    ${onward(way, text(`unvouched-client.${kind}.way`, { host: place }))} ${error && support(error, messages)}`;
  return renderDocument({ title: error ? text('page.error', { title }) : title, body }, context);
}

function onward(way: Way, label: string): Html {
  return way.kind === 'form_post'
    ? postingForm(way, label)
    : html`<p class="stack"><a class="button button-primary" href="${way.url}" rel="noreferrer">${label}</a></p>`;
}
