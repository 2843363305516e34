import type { OAuthError } from '../errors/oauth-error.js';
import { withQuery } from '../redirect-uri.js';
import type { ResponseMode } from './response-mode.js';

/** What was issued: RFC 6749 sections 4.1.2 and 4.2.2, OpenID Connect Core 1.0 sections 3.2.2.5 and 3.3.2.5. */
export interface IssuedResponse {
  readonly code?: string | undefined;
  readonly accessToken?: { readonly token: string; readonly expiresIn: number; readonly scope: string } | undefined;
  readonly idToken?: string | undefined;
  /** OpenID Connect Session Management 1.0 section 2. */
  readonly sessionState?: string | undefined;
}

/** What goes back to the client by way of the browser. */
export type AuthorizationResponse = IssuedResponse | { readonly error: Pick<OAuthError, 'error' | 'errorDescription'> };

export interface ResponseTarget {
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state?: string | undefined;
  readonly issuer: string;
}

/** How the browser is to carry it: a URL to go to, or the fields of a form to post. */
export type CarriedResponse =
  | { readonly kind: 'redirect'; readonly url: string }
  | {
      readonly kind: 'form_post';
      readonly action: string;
      readonly fields: readonly (readonly [name: string, value: string])[];
    };

const contentOf = (response: AuthorizationResponse): readonly (readonly [string, string | undefined])[] => {
  if ('error' in response) {
    return [
      ['error', response.error.error],
      ['error_description', response.error.errorDescription],
    ];
  }
  const { code, accessToken, idToken, sessionState } = response;
  return [
    ['code', code],
    ['access_token', accessToken?.token],
    ['token_type', accessToken && 'Bearer'],
    ['expires_in', accessToken?.expiresIn.toString()],
    ['scope', accessToken?.scope],
    ['id_token', idToken],
    ['session_state', sessionState],
  ];
};

/**
 * The response in its mode, with `state` and `iss` (RFC 9207 section 2) in success and error alike. It does not check the
 * redirect_uri, nor whether the mode may carry this content.
 */
export const authorizationResponse = (target: ResponseTarget, response: AuthorizationResponse): CarriedResponse => {
  const { redirectUri, responseMode, state, issuer } = target;
  const given = [...contentOf(response), ['state', state] as const, ['iss', issuer] as const];
  const fields = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const encoded = () => new URLSearchParams(Object.fromEntries(fields)).toString();
  switch (responseMode) {
    case 'query':
      return { kind: 'redirect', url: withQuery(redirectUri, encoded()) };
    case 'fragment':
      return { kind: 'redirect', url: `${redirectUri}#${encoded()}` };
    case 'form_post':
      return { kind: 'form_post', action: redirectUri, fields };
  }
};
