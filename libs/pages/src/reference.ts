import { html } from './html/html.js';
import type { Html } from './html/html.js';
import { renderDocument } from './layout.js';
import type { PageContext } from './layout.js';
import { REFERENCE } from './theme/reference.js';

/** A parameter, or a member of a body. */
export interface ReferenceMember {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly says: string;
}

export interface ReferenceOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly says: string;
  readonly parameters: readonly ReferenceMember[];
  readonly body: readonly ReferenceMember[];
  readonly answers: readonly {
    readonly status: string;
    readonly says: string;
    readonly members: readonly ReferenceMember[];
  }[];
  /** As a shell takes it. */
  readonly sample: string;
}

/** An API as its developers read it. */
export interface ReferenceView {
  readonly title: string;
  readonly lead: string;
  /** Of the machine-readable description. */
  readonly descriptionHref: string;
  readonly groups: readonly { readonly name: string; readonly operations: readonly ReferenceOperation[] }[];
}

/** The reference of an API: in English as its names are, and without a script. */
export function renderReference(view: ReferenceView, context: PageContext): string {
  const body = html`<div class="reference" lang="en">
    <h1>${view.title}</h1>
    <p class="lead">${view.lead}</p>
    <p class="lead"><a href="${view.descriptionHref}">OpenAPI 3.1</a></p>
    <nav class="contents" aria-label="Collections">
      ${view.groups.map(({ name }) => html`<a href="${`#${name}`}">${name}</a>`)}
    </nav>
    ${view.groups.map(
      ({ name, operations }) =>
        html`<section>
          <h2 id="${name}">${name}</h2>
          ${operations.map(renderOperation)}
        </section>`,
    )}
  </div>`;
  return renderDocument({ title: view.title, body, wide: true, styles: REFERENCE }, context);
}

function renderOperation(operation: ReferenceOperation): Html {
  const { id, method, path, summary, says, parameters, body, answers, sample } = operation;
  return html`<details id="${id}">
    <summary>
      <code class="method">${method}</code>
      <h3><code>${path}</code></h3>
      <span class="said">${summary}</span>
    </summary>
    <div class="inside">
      <p>${says}</p>
      ${table('Parameters', parameters)} ${table('Body', body)}
      <h4>Answers</h4>
      <table>
        ${answers.map(
          ({ status, says: told }) =>
            html`<tr>
              <th scope="row"><code>${status}</code></th>
              <td>${told}</td>
            </tr>`,
        )}
      </table>
      ${answers.map(({ status, members }) => table(`Answer ${status}`, members))}
      <h4>Sample</h4>
      <pre>${sample}</pre>
    </div>
  </details>`;
}

function table(title: string, members: readonly ReferenceMember[]): Html | undefined {
  if (members.length === 0) return undefined;
  return html`<h4>${title}</h4>
    <table>
      ${members.map(
        ({ name, type, required, says }) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>${type}${required ? ', required' : ''}</td>
            <td>${says}</td>
          </tr>`,
      )}
    </table>`;
}
