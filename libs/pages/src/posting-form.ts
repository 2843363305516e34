import { html } from './html/html.js';
import type { Html } from './html/html.js';

/** A body that a page posts. */
export interface PostedFields {
  readonly action: string;
  /** In their order, repeated names too. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** The script of a page whose one form posts itself. A field may be called `submit` and hide the form's own method, so the prototype's is called. */
export const SUBMIT = 'HTMLFormElement.prototype.submit.call(document.forms[0]);';

/** A form of hidden fields, and a button for where no script runs. */
export function postingForm({ action, fields }: PostedFields, label: string): Html {
  return html`<form class="stack" method="post" action="${action}" accept-charset="utf-8">
    ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="button button-primary" type="submit">${label}</button>
  </form>`;
}
