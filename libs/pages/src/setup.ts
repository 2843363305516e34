import { attributes, html } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { messagesFor } from './messages/catalogue.js';
import type { Messages } from './messages/catalogue.js';

/** What each problem is about; those of nothing that was typed stand for themselves. */
const fieldsOf = {
  'unknown-code': ['setup_code'],
  'username-missing': ['username'],
  'username-taken': ['username'],
  'password-length': ['password'],
  'passwords-differ': ['password', 'password_again'],
  'invalid-name': ['name'],
  'invalid-email': ['email'],
  'too-many-attempts': [],
  expired: [],
} as const;
export type SetupProblem = keyof typeof fieldsOf;

export interface SetupView {
  /** Path that the form posts to. */
  readonly action: string;
  /** What makes the form this browser's own, with the code once it was right; comes back as the field `interaction`. */
  readonly interaction: string;
  /** The code was right, and need not be typed again. */
  readonly codeAccepted?: boolean;
  /** As typed before. Neither a password nor a code is ever written back. */
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  readonly problem?: SetupProblem;
  /** With too-many-attempts. */
  readonly retryAfterSeconds?: number;
}

interface Field {
  readonly id: 'setup_code' | 'username' | 'name' | 'email' | 'password' | 'password_again';
  readonly type: 'text' | 'email' | 'password';
  readonly label: string;
  readonly value?: string | undefined;
  readonly attributes: Readonly<Record<string, string | boolean>>;
}

/** Fields `setup_code`, `username`, `password`, `password_again`, `name` and `email`; works without JavaScript. */
export function renderSetup(view: SetupView, context: PageContext): string {
  const messages = messagesFor(context.locale);
  const { text } = messages;
  const heading = text('setup.title');
  const body = html`<h1>${heading}</h1>
    <p class="lead">${text('setup.lead')}</p>
    ${
      view.problem === undefined
        ? undefined
        : html`<div class="notice notice-danger" id="problem" role="alert">
            ${icon('alert')}
            <p>${problemText(view, messages)}</p>
          </div>`
    }
    ${view.codeAccepted === true ? accepted(messages) : undefined}
    <form class="stack" method="post" action="${view.action}">
      <input type="hidden" name="interaction" value="${view.interaction}" />
      ${view.codeAccepted === true ? undefined : codeField(view, messages)} ${accountFields(view, messages)}
      <div class="actions">
        <button class="button button-primary" type="submit">${text('setup.submit')}</button>
      </div>
    </form>`;
  return renderDocument({ title: view.problem ? text('page.error', { title: heading }) : heading, body }, context);
}

const accepted = ({ text }: Messages): Html =>
  html`<div class="notice" role="status">
    ${icon('check')}
    <p>${text('setup.code.accepted')}</p>
  </div>`;

const plain = { autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false' };

const codeField = (view: SetupView, { text }: Messages): Html =>
  field(view, {
    id: 'setup_code',
    type: 'text',
    label: text('setup.code'),
    attributes: { ...plain, autocapitalize: 'characters', maxlength: '40', autocomplete: 'off', required: true },
  });

function accountFields(view: SetupView, { text }: Messages): Html[] {
  const { username, name, email } = view;
  const secret = { autocomplete: 'new-password', minlength: '8', maxlength: '1024', required: true };
  const fields: Field[] = [
    {
      ...{ id: 'username', type: 'text', label: text('setup.username'), value: username },
      attributes: { ...plain, autocomplete: 'username', maxlength: '320', required: true },
    },
    { id: 'password', type: 'password', label: text('setup.password'), attributes: secret },
    { id: 'password_again', type: 'password', label: text('setup.password-again'), attributes: secret },
    {
      ...{ id: 'name', type: 'text', label: text('setup.name'), value: name },
      attributes: { autocomplete: 'name', maxlength: '200' },
    },
    {
      ...{ id: 'email', type: 'email', label: text('setup.email'), value: email },
      attributes: { ...plain, autocomplete: 'email', maxlength: '254' },
    },
  ];
  return fields.map((each) => field(view, each));
}

function field(view: SetupView, { id, type, label, value, attributes: own }: Field): Html {
  const about: readonly string[] = view.problem === undefined ? [] : fieldsOf[view.problem];
  // The cursor is where something is to be mended, else at the beginning.
  const first = about[0] ?? (view.codeAccepted === true ? 'username' : 'setup_code');
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <input
      id="${id}"
      name="${id}"
      type="${type}"
      ${attributes({
        ...(type !== 'password' && { value: value ?? '' }),
        ...own,
        autofocus: id === first,
        'aria-invalid': about.includes(id) ? 'true' : undefined,
        'aria-describedby': about.includes(id) ? 'problem' : undefined,
      })}
    />
  </div>`;
}

function problemText({ problem = 'unknown-code', retryAfterSeconds }: SetupView, { text, when }: Messages): string {
  return problem === 'too-many-attempts'
    ? text('setup.problem.too-many-attempts', { when: when(retryAfterSeconds) })
    : text(`setup.problem.${problem}`);
}

/** The end. It names nobody: whoever sends a spent code again sees it too. */
export function renderSetupDone(context: PageContext): string {
  const { text } = messagesFor(context.locale);
  const title = text('setup.done.title');
  const body = html`<p class="badge">${icon('check')}</p>
    <h1>${title}</h1>
    <p class="lead">${text('setup.done.body')}</p>`;
  return renderDocument({ title, body }, context);
}
