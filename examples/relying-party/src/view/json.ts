import { html } from './html.js';
import type { Html } from './html.js';

/** Strings with a colon after them are keys; the rest are values and punctuation. */
const LEXEMES = /("(?:[^"\\]|\\.)*"(?=:))|("(?:[^"\\]|\\.)*")|(\b(?:true|false|null)\b|-?\d[\d.eE+-]*)/g;

/** JSON, indented and coloured. */
export function json(value: unknown): Html {
  const text = JSON.stringify(value, undefined, 2);
  const written: (string | Html)[] = [];
  let end = 0;
  for (const match of text.matchAll(LEXEMES)) {
    const [lexeme, key, string] = match;
    written.push(text.slice(end, match.index));
    const kind = key !== undefined ? 'key' : string !== undefined ? 'string' : 'atom';
    written.push(html`<span class="${kind}">${lexeme}</span>`);
    end = match.index + lexeme.length;
  }
  return html`<pre class="json">${[...written, text.slice(end)]}</pre>`;
}
