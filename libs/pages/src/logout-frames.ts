import { html } from './html/html.js';
import type { Html } from './html/html.js';

/** A client that is told of a logout by its page in a frame (OpenID Connect Front-Channel Logout 1.0 section 3). */
export interface LogoutFrame {
  readonly name: string;
  /** Its frontchannel_logout_uri with iss and sid; the page's headers name its origin. */
  readonly src: string;
}

/** What a client does there is clean up: it needs its own cookies and scripts, and neither our window nor another. */
const sandbox = 'allow-scripts allow-same-origin allow-forms';

export const logoutFrames = (frames: readonly LogoutFrame[]): readonly Html[] =>
  frames.map(({ name, src }) => html`<iframe hidden title="${name}" src="${src}" sandbox="${sandbox}"></iframe>`);
