import { brandRow } from './branding.js';
import type { Branding } from './branding.js';
import { html, raw } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import { messagesFor } from './messages/catalogue.js';
import { DIRECTION } from './messages/locale.js';
import type { Locale } from './messages/locale.js';
import { stylesheet } from './theme/stylesheet.js';

/** What every page is given beside its view. */
export interface PageContext {
  readonly locale: Locale;
  /** That of `pageHeaders`, in the same response. */
  readonly nonce: string;
  readonly branding: Branding;
}

export interface Document {
  /** Of the page alone; the tenant's name is added. */
  readonly title: string;
  readonly body: Html;
  /** A script that the page can do without. */
  readonly script?: string;
  /** For what is read like a book: as wide as its lines may be, and at the top. */
  readonly wide?: boolean;
  /** Rules of the page's own. */
  readonly styles?: string;
}

export function renderDocument(document: Document, { locale, nonce, branding }: PageContext): string {
  const { text } = messagesFor(locale);
  return html`<!doctype html>
    <html lang="${locale}" dir="${DIRECTION[locale]}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${document.title} · ${branding.tenantName}</title>
        <style nonce="${nonce}">
          ${stylesheet(branding.accent)}${raw(document.styles ?? '')}
        </style>
      </head>
      <body>
        <main class="${document.wide ? 'wide' : 'narrow'}">
          <div class="card">${brandRow(branding, locale)} ${document.body}</div>
        </main>
        <footer>${icon('seal')}<span>${text('page.secured')}</span></footer>
        ${
          document.script === undefined
            ? undefined
            : html`<script nonce="${nonce}">
                ${raw(document.script)};
              </script>`
        }
      </body>
    </html> `.markup;
}
