import type { ClientDirectory, RegisteredClient } from '../client.js';
import type { Micros } from '../clock.js';
import type { OAuthError } from '../errors/oauth-error.js';
import type { ParsedParameters, RequestParameters } from '../parameters.js';
import type { RequestObjects } from '../request-object/request-objects.js';
import { fail, ok } from '../result.js';
import { runAuthorizationChecks } from './authorization-checks.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { CheckContext } from './checks/check.js';
import { ensureClient } from './checks/client.js';
import { checkIdTokenHint } from './checks/id-token-hint.js';
import type { IdTokenHints } from './checks/id-token-hint.js';
import { ensureRedirectUri } from './checks/redirect-uri.js';
import { errorDelivery } from './error-delivery.js';
import type { ErrorDelivery } from './error-delivery.js';
import { bothOf } from './requested-claims.js';
import { requestedParameters } from './requested-parameters.js';
import type { RequestEndpoint } from './requested-parameters.js';
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
      readonly delivery: ErrorDelivery;
      /** What of the request could be read. */
      readonly parameters: RequestParameters;
      readonly registered: RegisteredClient;
    }
  | {
      readonly kind: 'valid';
      readonly request: AuthorizationRequest;
      /** What the request was made of, wherever it was said: what is kept of one that is pushed. */
      readonly parameters: RequestParameters;
      readonly registered: RegisteredClient;
    };

export interface AuthorizationEndpointDeps {
  readonly clients: ClientDirectory;
  readonly requestObjects: RequestObjects;
  readonly hints: IdTokenHints;
  /** When the request came in, by the clock that sessions are dated with. */
  readonly receivedAt: Micros;
  /** `par`: the request is pushed, and its errors are told to the client that pushes it. */
  readonly endpoint?: RequestEndpoint;
}

/** Everything that the client may be told of by redirect. */
const check = async (context: CheckContext, hints: IdTokenHints) => {
  const checked = runAuthorizationChecks(context);
  if (!checked.ok) return checked;
  const hinted = await checkIdTokenHint(context, hints);
  return hinted.ok ? ok({ ...checked.value, hinted: hinted.value }) : hinted;
};

/**
 * Checks a request to /authorize, whole; or one that is pushed, before it is kept. It does not look at sessions and grants;
 * see `satisfies`.
 */
export const validateAuthorizationRequest = async (
  parsed: ParsedParameters,
  deps: AuthorizationEndpointDeps,
): Promise<AuthorizationOutcome> => {
  const { endpoint = 'authorize', requestObjects } = deps;
  if (!parsed.ok && (parsed.faulty.size === 0 || parsed.faulty.has('client_id') || parsed.faulty.has('redirect_uri'))) {
    return { kind: 'page-error', error: parsed.error };
  }
  const registered = await ensureClient(parsed.parameters, deps.clients);
  if (!registered.ok) return { kind: 'page-error', error: registered.error };
  const { client } = registered.value;
  const requested = parsed.ok
    ? await requestedParameters(parsed.parameters, client, { requestObjects, endpoint })
    : fail(parsed.error);
  // A request object may hold the redirect_uri; one that is not to be read leaves the query's, or nowhere to tell of it.
  const { parameters } = requested.ok ? requested.value : parsed;
  const redirectUri = ensureRedirectUri(parameters, client);
  if (!redirectUri.ok)
    return { kind: 'page-error', error: requested.ok || !parsed.ok ? redirectUri.error : requested.error };

  const state = parameters.get('state');
  const checked = requested.ok
    ? await check({ ...requested.value, endpoint, redirectUri: redirectUri.value, ...registered.value }, deps.hints)
    : requested;
  if (!checked.ok) {
    return {
      kind: 'redirect-error',
      redirectUri: redirectUri.value,
      responseMode: errorResponseMode(parameters, redirectUri.value),
      ...(state === undefined ? {} : { state }),
      error: checked.error,
      // `none` beside another value is a fault of its own, and asks for no silence.
      delivery: errorDelivery(client, { silent: parameters.get('prompt') === 'none', answered: false }),
      parameters,
      registered: registered.value,
    };
  }
  const { claims, hinted, scopes, prompt, resources, ...plain } = checked.value;
  const words = (name: string): string[] => (parameters.get(name) ?? '').split(' ').filter((word) => word !== '');
  const { essentialAcr } = claims;
  // OpenID Connect Registration section 2: acr_values, or an acr asked for by `claims`, overrides the client's default.
  const asksForAcr = parameters.get('acr_values') !== undefined || claims.idToken.includes('acr');
  const subjects = bothOf(claims.subjects, hinted === undefined ? undefined : [hinted]);
  return {
    kind: 'valid',
    registered: registered.value,
    parameters,
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
      acrValues: asksForAcr ? words('acr_values') : (client.defaultAcrValues ?? []),
      essentialAcr: essentialAcr && [...essentialAcr],
      claims: { userinfo: [...claims.userinfo], idToken: [...claims.idToken] },
      display: plain.display,
      uiLocales: words('ui_locales'),
      resources: [...resources],
      receivedAt: deps.receivedAt,
      ...(requested.ok && { pushed: requested.value.pushed, byObject: requested.value.byObject }),
    },
  };
};
