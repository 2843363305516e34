import { html } from './html/html.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { logoutFrames } from './logout-frames.js';
import type { LogoutFrame } from './logout-frames.js';
import { messagesFor } from './messages/catalogue.js';
import { placeOf } from './place.js';

export interface SigningOutView {
  readonly frames: readonly LogoutFrame[];
  /** Where the person goes once the clients have been told. */
  readonly href: string;
}

/** Milliseconds for which clients are waited for: one that never answers keeps nobody. */
const patience = 4_000;

/** The window's load event waits for its frames. Only the first of the two counts, since leaving again would begin the way anew. */
const LEAVE = `{
  let leave = () => { leave = () => {}; location.replace(document.querySelector('a.button').href); };
  addEventListener('load', () => leave());
  setTimeout(() => leave(), ${patience});
}`;

/**
 * OpenID Connect Front-Channel Logout 1.0 section 3, between a logout and its post_logout_redirect_uri: goes on by itself where
 * scripts run, by its link where they do not.
 */
export function renderSigningOut({ frames, href }: SigningOutView, context: PageContext): string {
  const { text } = messagesFor(context.locale);
  const body = html`<h1>${text('signing-out.title')}</h1>
    <p class="lead">${text('signing-out.body')}</p>
    <p class="stack">
      <a class="button button-primary" href="${href}">${text('signed-out.return', { client: placeOf(href) })}</a>
    </p>
    ${logoutFrames(frames)}`;
  return renderDocument({ title: text('signing-out.title'), body, script: LEAVE }, context);
}
