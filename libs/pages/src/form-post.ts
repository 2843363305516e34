import { html } from './html/html.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import { placeOf } from './place.js';
import { postingForm, SUBMIT } from './posting-form.js';
import type { PostedFields } from './posting-form.js';

/** `action`: the redirect_uri; `fields`: the authorization response's parameters. */
export type FormPostView = PostedFields;

/**
 * OAuth 2.0 Form Post Response Mode 1.0: carries an authorization response to the client in a body, where no log, history
 * or Referer keeps it. It goes by itself where scripts run, by its button where they do not.
 */
export function renderFormPost(view: FormPostView, context: PageContext): string {
  const { text, rich } = messagesFor(context.locale);
  const host = html`<strong>${placeOf(view.action)}</strong>`;
  const body = html`<h1>${text('form-post.title')}</h1>
    <p class="lead">${rich('form-post.body', { host })}</p>
    ${postingForm(view, text('form-post.submit'))}`;
  return renderDocument({ title: text('form-post.title'), body, script: SUBMIT }, context);
}
