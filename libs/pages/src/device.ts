import { attributes, html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import type { Messages } from './messages/catalogue.js';

export type DeviceProblem = 'unknown-code' | 'too-many-attempts' | 'expired';

export interface DeviceView {
  /** Path that the form posts to. */
  readonly action: string;
  /** What makes the form this browser's own; comes back as the field `interaction`. */
  readonly interaction: string;
  /** From the link, or as typed before. */
  readonly userCode?: string;
  readonly problem?: DeviceProblem;
  /** With too-many-attempts. */
  readonly retryAfterSeconds?: number;
}

/** RFC 8628 section 3.3: the field `user_code`. A link that brings the code still asks for a press of the button (section 3.3.1). */
export function renderDevice(view: DeviceView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text } = messages;
  const heading = text('device.title');
  const body = html`<h1>${heading}</h1>
    <p class="lead" id="hint">${text('device.lead')}</p>
    ${
      view.problem === undefined
        ? undefined
        : html`<div class="notice notice-danger" id="problem" role="alert">
            ${icon('alert')}
            <p>${problemText(view, messages)}</p>
          </div>`
    }
    <form class="stack" method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      <div class="field">
        <label for="user_code">${text('device.code')}</label>
        <input
          class="user-code"
          id="user_code"
          name="user_code"
          type="text"
          value="${view.userCode ?? ''}"
          maxlength="32"
          autocomplete="off"
          autocapitalize="characters"
          autocorrect="off"
          spellcheck="false"
          required
          autofocus
          ${attributes({
            'aria-invalid': view.problem === 'unknown-code' ? 'true' : undefined,
            'aria-describedby': view.problem === undefined ? 'hint' : 'problem hint',
          })}
        />
      </div>
      <div class="actions">
        <button class="button button-primary" type="submit">${text('device.submit')}</button>
      </div>
      <p class="small">${text('device.warning')}</p>
    </form>`;
  return renderDocument({ title: view.problem ? text('page.error', { title: heading }) : heading, body }, context);
}

function problemText({ problem = 'unknown-code', retryAfterSeconds }: DeviceView, { text, when }: Messages): string {
  return problem === 'too-many-attempts'
    ? text('device.problem.too-many-attempts', { when: when(retryAfterSeconds) })
    : text(`device.problem.${problem}`);
}

export interface DeviceDoneView {
  readonly outcome: 'approved' | 'denied' | 'gone';
  readonly clientName: string;
}

/** The end: the person goes back to their device, and no button is left here. */
export function renderDeviceDone({ outcome, clientName }: DeviceDoneView, context: PageContext): string {
  const { text, rich } = messagesFor(context.locale);
  const title = text(`device.${outcome}.title`);
  const body = html`<p class="${outcome === 'gone' ? 'badge badge-danger' : 'badge'}">
      ${icon(outcome === 'approved' ? 'check' : 'alert')}
    </p>
    <h1>${title}</h1>
    <p class="lead">${rich(`device.${outcome}.body`, { client: html`<strong>${clientName}</strong>` })}</p>`;
  return renderDocument({ title, body }, context);
}
