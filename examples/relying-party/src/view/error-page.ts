import type { Failure } from '../failure.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { layout } from './layout.js';

type ShownFailure = Pick<Failure, 'status' | 'title' | 'advice'> & Partial<Pick<Failure, 'code' | 'description'>>;

export function errorPage({ title, advice, code, description }: ShownFailure): Html {
  const facts =
    code === undefined && description === undefined
      ? undefined
      : html`<dl class="facts">${fact('Error', code)} ${fact('Description', description)}</dl>`;
  const main = html`<div class="card narrow">
    <h1>${title}</h1>
    <p class="lead">${advice}</p>
    ${facts}
    <p class="actions">
      <a class="button" href="/login">Sign in</a>
      <a class="button quiet" href="/">Back to the start</a>
    </p>
  </div>`;
  return layout(title, main);
}

function fact(name: string, value: string | undefined): Html | undefined {
  if (value === undefined || value === '') return undefined;
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
