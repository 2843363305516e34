import { html } from './html/html.js';
import type { Html } from './html/html.js';
import { icon } from './icons.js';
import type { IconName } from './icons.js';
import type { Messages } from './messages/catalogue.js';

export interface ConsentScope {
  readonly name: string;
  /** Of a resource server's scope, in the language of the page. A standard scope has a text of its own. */
  readonly description?: string;
}

/** A scope as a person is told of it, in a list of them. */
export function scopeItem(scope: ConsentScope, { text }: Messages): Html {
  const item = (name: IconName, title: string, detail?: string) =>
    html`<li>
      ${icon(name)}
      <div>${title}${detail === undefined ? undefined : html`<p>${detail}</p>`}</div>
    </li>`;
  switch (scope.name) {
    case 'openid':
      return item('person', text('scope.openid'), text('scope.openid.detail'));
    case 'profile':
      return item('card', text('scope.profile'), text('scope.profile.detail'));
    case 'email':
      return item('mail', text('scope.email'), text('scope.email.detail'));
    case 'address':
      return item('home', text('scope.address'));
    case 'phone':
      return item('phone', text('scope.phone'), text('scope.phone.detail'));
    case 'offline_access':
      return item('cycle', text('scope.offline_access'), text('scope.offline_access.detail'));
    default:
      return scope.description === undefined ? item('key', scope.name) : item('key', scope.description, scope.name);
  }
}
