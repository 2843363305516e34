import type { ClientDirectory, RegisteredClient } from '../client.js';
import type { Micros } from '../clock.js';
import type { OAuthError } from '../errors/oauth-error.js';
import type { ParsedParameters } from '../parameters.js';
import { runAuthorizationChecks } from './authorization-checks.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { ensureClient } from './checks/client.js';
import { ensureRedirectUri } from './checks/redirect-uri.js';
import { errorResponseMode } from './response-mode.js';
import type { ResponseMode } from './response-mode.js';

export type AuthorizationOutcome =
  /** Shown to the person with the status of the error; never a redirect. */
  | { readonly kind: 'page-error'; readonly error: OAuthError }
  | {
      readonly kind: 'redirect-error';
      readonly redirectUri: string;
      readonly responseMode: ResponseMode;
      readonly state?: string;
      readonly error: OAuthError;
      readonly registered: RegisteredClient;
    }
  | { readonly kind: 'valid'; readonly request: AuthorizationRequest; readonly registered: RegisteredClient };

/**
 * Checks a request to /authorize, whole. It does not look at sessions, grants or the id_token_hint; see `satisfies`.
 * `receivedAt`: when the request came in, by the clock that sessions are dated with.
 */
export const validateAuthorizationRequest = async (
  parsed: ParsedParameters,
  deps: { readonly clients: ClientDirectory; readonly receivedAt: Micros },
): Promise<AuthorizationOutcome> => {
  const { parameters } = parsed;
  if (!parsed.ok && (parsed.faulty.size === 0 || parsed.faulty.has('client_id') || parsed.faulty.has('redirect_uri'))) {
    return { kind: 'page-error', error: parsed.error };
  }
  const registered = await ensureClient(parameters, deps.clients);
  if (!registered.ok) return { kind: 'page-error', error: registered.error };
  const redirectUri = ensureRedirectUri(parameters, registered.value.client);
  if (!redirectUri.ok) return { kind: 'page-error', error: redirectUri.error };

  const state = parameters.get('state');
  const checked = parsed.ok
    ? runAuthorizationChecks({ parameters, redirectUri: redirectUri.value, ...registered.value })
    : { ok: false as const, error: parsed.error };
  if (!checked.ok) {
    return {
      kind: 'redirect-error',
      redirectUri: redirectUri.value,
      responseMode: errorResponseMode(parameters, redirectUri.value),
      ...(state === undefined ? {} : { state }),
      error: checked.error,
      registered: registered.value,
    };
  }
  const { codeChallenge, dpopJkt, maxAge, nonce, responseMode, responseType, ...lists } = checked.value;
  const words = (name: string): string[] => (parameters.get(name) ?? '').split(' ').filter((word) => word !== '');
  return {
    kind: 'valid',
    registered: registered.value,
    request: {
      tenantId: registered.value.client.tenantId,
      clientId: registered.value.client.clientId,
      redirectUri: redirectUri.value,
      responseType,
      responseMode,
      state,
      nonce,
      scopes: [...lists.scopes],
      codeChallenge,
      dpopJkt,
      prompt: [...lists.prompt],
      maxAge,
      loginHint: parameters.get('login_hint'),
      idTokenHint: parameters.get('id_token_hint'),
      acrValues: words('acr_values'),
      uiLocales: words('ui_locales'),
      resources: [...lists.resources],
      receivedAt: deps.receivedAt,
    },
  };
};
