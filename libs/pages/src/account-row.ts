import { monogram } from './branding.js';
import { html } from './html/html.js';
import type { Html } from './html/html.js';
import type { PageContext } from './layout.js';

/** An account as its owner knows it. */
export interface ShownAccount {
  readonly username: string;
  readonly displayName?: string;
}

/** Who is signed in; `label` says what that means here. */
export function accountRow({ username, displayName }: ShownAccount, label: string, context: PageContext): Html {
  const shown = displayName ?? username;
  return html`<div class="account-row">
    ${monogram(shown, context.locale, 'person')}
    <p class="account-name">
      <span>${label}</span>
      <bdi><strong>${shown}</strong></bdi>
      ${displayName === undefined ? undefined : html`<span><bdi>${username}</bdi></span>`}
    </p>
  </div>`;
}
