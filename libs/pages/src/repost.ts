import { html } from './html/html.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import { postingForm, SUBMIT } from './posting-form.js';
import type { PostedFields } from './posting-form.js';

/** `action`: the path that the body came to, and goes to again; `fields`: the body's, with whatever marks it as seen. */
export type RepostView = PostedFields;

/**
 * A page of our own origin that posts a body again: SameSite=Lax cookies come with this POST, as they did not with the
 * first. It does it by itself where scripts run, by its button where they do not.
 */
export function renderRepost(view: RepostView, context: PageContext): string {
  const { text } = messagesFor(context.locale);
  const body = html`<h1>${text('repost.title')}</h1>
    <p class="lead">${text('repost.body')}</p>
    ${postingForm(view, text('repost.submit'))}`;
  return renderDocument({ title: text('repost.title'), body, script: SUBMIT }, context);
}
