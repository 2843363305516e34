import type { Step } from '../story.js';
import { html } from './html.js';
import type { Html } from './html.js';

export function layout(title: string, main: Html, actions?: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Demo application</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="home" href="/"><span class="mark" aria-hidden="true"></span>Demo application</a>
          ${actions}
        </header>
        <main>${main}</main>
        <footer>
          A relying party, written with openid-client and Node’s own modules. Its source is meant to be read.
        </footer>
      </body>
    </html>`;
}

export function storyOf(heading: string, steps: readonly Step[]): Html {
  return html`<section class="story" aria-labelledby="story">
    <h2 id="story">${heading}</h2>
    <ol>
      ${steps.map(
        ({ title, detail }) =>
          html`<li>
            <strong>${title}</strong>
            <p>${detail}</p>
          </li>`,
      )}
    </ol>
  </section>`;
}
