import type { Configuration } from '../configuration.js';
import type { SignedIn } from '../sessions.js';
import { WHAT_WILL_HAPPEN } from '../story.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { layout, storyOf } from './layout.js';

export function homePage(configuration: Configuration, signedIn: SignedIn | undefined, justSignedOut: boolean): Html {
  const notice = justSignedOut && !signedIn ? html`<p class="notice" role="status">You are signed out.</p>` : undefined;
  const action = signedIn
    ? html`<a class="button" href="/profile">See your claims and tokens</a>`
    : html`<a class="button" href="/login">Sign in</a>`;
  const main = html`${notice}
    <div class="hero">
      <div>
        <h1>${signedIn ? 'You are signed in' : 'Sign in with OpenID Connect'}</h1>
        <p class="lead">
          This is an application that knows nobody’s password. It asks its provider who you are, and shows you all that
          it learns.
        </p>
        <p class="actions">${action}</p>
        <dl class="facts">
          <div>
            <dt>Provider</dt>
            <dd>${configuration.issuer}</dd>
          </div>
          <div>
            <dt>Client</dt>
            <dd>${configuration.clientId}</dd>
          </div>
          <div>
            <dt>Flow</dt>
            <dd>authorization code, PKCE S256</dd>
          </div>
        </dl>
      </div>
      ${storyOf('What is going to happen', WHAT_WILL_HAPPEN)}
    </div>`;
  return layout('Welcome', main);
}
