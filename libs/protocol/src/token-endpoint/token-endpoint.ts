import { authenticateClient } from '../client-authentication/authenticate-client.js';
import type { ClientAuthenticationDeps } from '../client-authentication/authenticate-client.js';
import type { RegisteredClient } from '../client.js';
import { boundKey } from '../dpop/bound-key.js';
import type { DpopDeps } from '../dpop/dpop-proof.js';
import { invalidRequest, unauthorizedClient, unsupportedGrantType } from '../errors/oauth-error.js';
import type { OAuthError } from '../errors/oauth-error.js';
import { BODY_LIMIT, parseParameters } from '../parameters.js';
import { checkResources } from '../resource.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { parseScope } from '../scope.js';
import type { Authorization } from './authorization.js';
import type { Grant, GrantContext } from './grant.js';
import { issueTokenSet } from './token-set.js';
import type { TokenMinter, TokenResponse } from './token-set.js';

export interface TokenEndpointRequest {
  /** The Authorization header, as it came. */
  readonly authorization: string | undefined;
  /** The body, application/x-www-form-urlencoded. */
  readonly body: string;
  /** The values of the DPoP header fields, each as it came. */
  readonly dpopProofs: readonly string[];
}

export interface TokenEndpointDeps extends ClientAuthenticationDeps {
  readonly issuer: string;
  /** The URL of the token endpoint. */
  readonly endpoint: string;
  readonly dpop: DpopDeps;
  readonly grants: readonly Grant[];
  readonly minter: TokenMinter;
  /** A new `jti`. */
  newTokenId(): string;
}

/** The client and grant type are there as soon as they are known, for the record of a failure. */
export type TokenEndpointOutcome =
  | {
      readonly kind: 'issued';
      readonly response: TokenResponse;
      readonly authorization: Authorization;
      readonly grantType: string;
    }
  | {
      readonly kind: 'error';
      readonly error: OAuthError;
      readonly client?: RegisteredClient['client'];
      readonly grantType?: string;
    };

/** RFC 6749 section 5.2: unknown to us, and not allowed to this client, are two different errors. */
const findGrant = (
  grantType: string | undefined,
  { client }: RegisteredClient,
  grants: readonly Grant[],
): Result<Grant> => {
  if (grantType === undefined) return fail(invalidRequest('The parameter grant_type is missing'));
  const grant = grants.find((candidate) => candidate.grantType === grantType);
  if (grant === undefined) return fail(unsupportedGrantType('The grant_type is not supported'));
  if (!client.grantTypes.includes(grant.grantType)) {
    return fail(unauthorizedClient('The client may not use this grant_type'));
  }
  return ok(grant);
};

/** What every grant shares of its request: the parameters that must be there, scope, resource. */
const grantContext = (
  grant: Grant,
  settled: Pick<GrantContext, 'issuer' | 'parameters' | 'tokenId'> & RegisteredClient,
): Result<Omit<GrantContext, 'jkt'>> => {
  const { parameters } = settled;
  const missing = grant.parameters.find((name) => parameters.get(name) === undefined);
  if (missing !== undefined) return fail(invalidRequest(`The parameter ${missing} is missing`));
  const scope = parameters.get('scope');
  const scopes = scope === undefined ? ok(undefined) : parseScope(scope);
  if (!scopes.ok) return scopes;
  const resources = checkResources(parameters.all('resource'), settled);
  if (!resources.ok) return resources;
  return ok({ ...settled, requestedScopes: scopes.value, requestedResources: resources.value });
};

/**
 * The phases of a request to /token, which no grant can forget: parse once, authenticate the client, find the grant, see
 * that the client may use it, read scope and resource, verify the DPoP proof, let the grant decide, and only then issue.
 * Errors are answers; a lost dependency is thrown by its port and goes through.
 */
export const handleTokenRequest = async (
  request: TokenEndpointRequest,
  deps: TokenEndpointDeps,
): Promise<TokenEndpointOutcome> => {
  const parsed = parseParameters(request.body, BODY_LIMIT);
  if (!parsed.ok) return { kind: 'error', error: parsed.error };
  const { parameters } = parsed;

  const registered = await authenticateClient({ authorization: request.authorization, parameters }, deps);
  if (!registered.ok) return { kind: 'error', error: registered.error };
  const { client } = registered.value;

  const grant = findGrant(parameters.get('grant_type'), registered.value, deps.grants);
  if (!grant.ok) return { kind: 'error', error: grant.error, client };
  const { grantType } = grant.value;

  const { issuer } = deps;
  const context = grantContext(grant.value, { issuer, parameters, tokenId: deps.newTokenId(), ...registered.value });
  if (!context.ok) return { kind: 'error', error: context.error, client, grantType };

  const dpopRequest = { proofs: request.dpopProofs, method: 'POST', url: deps.endpoint };
  const key = await boundKey(dpopRequest, client, deps.dpop);
  if (!key.ok) return { kind: 'error', error: key.error, client, grantType };
  const jkt = key.value;

  const authorization = await grant.value.handle({ ...context.value, jkt });
  if (!authorization.ok) return { kind: 'error', error: authorization.error, client, grantType };
  const bound: Authorization = { ...authorization.value, jkt };
  const response = await issueTokenSet(bound, deps.minter);
  return { kind: 'issued', response, authorization: bound, grantType };
};
