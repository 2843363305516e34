import type { IDToken } from 'openid-client';
import { html } from './html.js';
import type { Html } from './html.js';

/** OpenID Connect Core sections 2 and 5.1, in a few words each. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['iss', 'Who says all this'],
  ['sub', 'You, at this provider: the one claim to key an account by'],
  ['aud', 'Whom it is said to: this client'],
  ['azp', 'The client that asked'],
  ['exp', 'Not to be accepted after'],
  ['iat', 'Made at'],
  ['auth_time', 'When you last entered a credential'],
  ['nonce', 'Ties the token to this browser’s request'],
  ['at_hash', 'Ties the access token to it'],
  ['c_hash', 'Ties the code to it'],
  ['acr', 'How strong the sign-in was'],
  ['amr', 'By which methods'],
  ['sid', 'Your session at the provider'],
  ['name', 'Full name'],
  ['given_name', 'First name'],
  ['family_name', 'Last name'],
  ['preferred_username', 'What you like to be called; not unique for ever'],
  ['email', 'Email address; may change hands'],
  ['email_verified', 'Whether the provider has checked that it is yours'],
  ['updated_at', 'When the profile last changed'],
]);

const INSTANTS = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);

export function claimsTable(claims: IDToken): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Claim</th>
        <th scope="col">Value</th>
      </tr>
    </thead>
    <tbody>
      ${Object.entries(claims).map(
        ([name, value]) =>
          html`<tr>
            <th scope="row"><code>${name}</code><span>${MEANINGS.get(name)}</span></th>
            <td>${shown(name, value)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function shown(name: string, value: unknown): string {
  if (typeof value === 'number' && INSTANTS.has(name)) {
    return new Date(value * 1_000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
