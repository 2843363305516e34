import { html } from './html/html.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';

export interface RepostView {
  /** Path that the body came to, and goes to again. */
  readonly action: string;
  /** The body's fields in their order, repeated names too, with whatever marks it as seen. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** A field may be called `submit` and hide the form's own method, so the prototype's is called. */
const SUBMIT = 'HTMLFormElement.prototype.submit.call(document.forms[0]);';

/**
 * A page of our own origin that posts a body again: SameSite=Lax cookies come with this POST, as they did not with the
 * first. It does it by itself where scripts run, by its button where they do not.
 */
export function renderRepost(view: RepostView, context: PageContext): string {
  const { text } = messagesFor(context.locale);
  const body = html`<h1>${text('repost.title')}</h1>
    <p class="lead">${text('repost.body')}</p>
    <form class="stack" method="post" action="${view.action}" accept-charset="utf-8">
      ${view.fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button class="button button-primary" type="submit">${text('repost.submit')}</button>
    </form>`;
  return renderDocument({ title: text('repost.title'), body, script: SUBMIT }, context);
}
