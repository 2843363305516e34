import type { ClientDirectory, RegisteredClient } from '../client.js';
import type { Micros } from '../clock.js';
import type { OAuthError } from '../errors/oauth-error.js';
import type { ParsedParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import { runAuthorizationChecks } from './authorization-checks.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { CheckContext } from './checks/check.js';
import { ensureClient } from './checks/client.js';
import { checkIdTokenHint } from './checks/id-token-hint.js';
import type { IdTokenHints } from './checks/id-token-hint.js';
import { ensureRedirectUri } from './checks/redirect-uri.js';
import { bothOf } from './requested-claims.js';
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

/** Everything that the client may be told of by redirect. */
const check = async (parsed: ParsedParameters, context: CheckContext, hints: IdTokenHints) => {
  if (!parsed.ok) return fail(parsed.error);
  const checked = runAuthorizationChecks(context);
  if (!checked.ok) return checked;
  const hinted = await checkIdTokenHint(context, hints);
  return hinted.ok ? ok({ ...checked.value, hinted: hinted.value }) : hinted;
};

/**
 * Checks a request to /authorize, whole. It does not look at sessions and grants; see `satisfies`.
 * `receivedAt`: when the request came in, by the clock that sessions are dated with.
 */
export const validateAuthorizationRequest = async (
  parsed: ParsedParameters,
  deps: { readonly clients: ClientDirectory; readonly hints: IdTokenHints; readonly receivedAt: Micros },
): Promise<AuthorizationOutcome> => {
  const { parameters } = parsed;
  if (!parsed.ok && (parsed.faulty.size === 0 || parsed.faulty.has('client_id') || parsed.faulty.has('redirect_uri'))) {
    return { kind: 'page-error', error: parsed.error };
  }
  const registered = await ensureClient(parameters, deps.clients);
  if (!registered.ok) return { kind: 'page-error', error: registered.error };
  const { client } = registered.value;
  const redirectUri = ensureRedirectUri(parameters, client);
  if (!redirectUri.ok) return { kind: 'page-error', error: redirectUri.error };

  const state = parameters.get('state');
  const context = { parameters, redirectUri: redirectUri.value, ...registered.value };
  const checked = await check(parsed, context, deps.hints);
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
  const { claims, hinted, scopes, prompt, resources, ...plain } = checked.value;
  const words = (name: string): string[] => (parameters.get(name) ?? '').split(' ').filter((word) => word !== '');
  const acrValues = words('acr_values');
  const { essentialAcr } = claims;
  const subjects = bothOf(claims.subjects, hinted === undefined ? undefined : [hinted]);
  return {
    kind: 'valid',
    registered: registered.value,
    request: {
      tenantId: client.tenantId,
      clientId: client.clientId,
      redirectUri: redirectUri.value,
      responseType: plain.responseType,
      responseMode: plain.responseMode,
      state,
      nonce: plain.nonce,
      scopes: [...scopes],
      codeChallenge: plain.codeChallenge,
      dpopJkt: plain.dpopJkt,
      prompt: [...prompt],
      maxAge: plain.maxAge,
      loginHint: parameters.get('login_hint'),
      subjects: subjects && [...subjects],
      acrValues: acrValues.length > 0 ? acrValues : (client.defaultAcrValues ?? []),
      essentialAcr: essentialAcr && [...essentialAcr],
      claims: { userinfo: [...claims.userinfo], idToken: [...claims.idToken] },
      display: plain.display,
      uiLocales: words('ui_locales'),
      resources: [...resources],
      receivedAt: deps.receivedAt,
    },
  };
};
