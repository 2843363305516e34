import type { Configuration } from '../configuration.js';
import type { SignedIn, Tokens } from '../sessions.js';
import { decodeForDisplay } from '../tokens.js';
import { claimsTable } from './claims.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { json } from './json.js';
import { layout, storyOf } from './layout.js';

export function profilePage({ claims, tokens, userinfo, story }: SignedIn, configuration: Configuration): Html {
  const name = typeof claims['name'] === 'string' ? claims['name'] : claims.sub;
  const main = html`<div class="person">
      <span class="avatar" aria-hidden="true">${name.slice(0, 1).toUpperCase()}</span>
      <div>
        <h1>Hello, ${name}</h1>
        <p class="lead">${new URL(configuration.issuer).host} says so, and this application has checked it.</p>
      </div>
    </div>
    <div class="columns">
      <div>
        <section class="card">
          <h2>Verified claims of the ID token</h2>
          ${claimsTable(claims)}
        </section>
        ${userinfo === undefined ? undefined : userinfoCard(userinfo)}
        <section class="card">
          <h2>Tokens</h2>
          <p class="hint">
            They stay on this server; a real application shows them to nobody. ${expiry(tokens.expiresAt)}
            ${tokens.scope === undefined ? undefined : html`Granted scope: <code>${tokens.scope}</code>.`}
          </p>
          ${tokenCards(tokens)}
        </section>
      </div>
      <aside>
        <div class="card">
          ${storyOf('What just happened', story)}
          <div class="actions">
            ${tokens.refreshToken === undefined ? undefined : button('/refresh', 'Refresh')}
            ${button('/userinfo', 'Call userinfo')}
          </div>
        </div>
      </aside>
    </div>`;
  const signOut = html`<form method="post" action="/logout">
    <button class="button quiet" type="submit">Sign out</button>
  </form>`;
  return layout(name, main, signOut);
}

function userinfoCard(userinfo: object): Html {
  return html`<section class="card" id="userinfo">
    <h2>Userinfo</h2>
    <p class="hint">What the provider says now; the ID token says what it said when you signed in.</p>
    ${json(userinfo)}
  </section>`;
}

function tokenCards({ idToken, accessToken, refreshToken }: Tokens): readonly Html[] {
  return [
    tokenCard('ID token', 'For this application: who signed in, when and how.', idToken),
    tokenCard(
      'Access token',
      'For the resource server. An application passes it on and does not read it.',
      accessToken,
    ),
    ...(refreshToken === undefined
      ? []
      : [tokenCard('Refresh token', 'For the token endpoint alone. Opaque, and each is used once.', refreshToken)]),
  ];
}

function tokenCard(name: string, purpose: string, token: string): Html {
  const decoded = decodeForDisplay(token);
  return html`<article class="token">
    <h3>${name}</h3>
    <p class="hint">${purpose}</p>
    ${
      decoded &&
      html`<h4>Header</h4>
        ${json(decoded.header)}
        <h4>Payload</h4>
        ${json(decoded.payload)}`
    }
    <details>
      <summary>Raw</summary>
      <pre class="raw">${token}</pre>
    </details>
  </article>`;
}

function expiry(expiresAt: number | undefined): string {
  if (expiresAt === undefined) return '';
  const seconds = Math.round((expiresAt - Date.now()) / 1_000);
  return seconds > 0
    ? `The access token expires in ${String(seconds)} s.`
    : 'The access token has expired; refresh it.';
}

function button(action: string, label: string): Html {
  return html`<form method="post" action="${action}">
    <button class="button" type="submit">${label}</button>
  </form>`;
}
