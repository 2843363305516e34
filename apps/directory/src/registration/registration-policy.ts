import type { Catalogue, RegistrationPolicy } from '@signet/contracts';
import {
  accountScopes,
  DEVICE_CODE_GRANT_TYPE,
  fail,
  invalidClientMetadata,
  invalidRedirectUri,
  ok,
  webHostOf,
  type ClientMetadata,
  type OAuthError,
  type Result,
} from '@signet/protocol';

/** A check of the tenant's policy, or of what nobody may register for itself: what is not allowed, or undefined. */
type PolicyCheck = (metadata: ClientMetadata, policy: RegistrationPolicy) => OAuthError | undefined;

/** A host, or one below it where the policy writes `*.example.com`. A private-use scheme has none. */
const isHost = (host: string | undefined, allowed: string): boolean =>
  allowed.startsWith('*.') ? host?.endsWith(allowed.slice(1)) === true : host === allowed;

const redirectHosts: PolicyCheck = ({ redirectUris, postLogoutRedirectUris }, { redirectHosts: allowed }) => {
  const foreign = [...redirectUris, ...postLogoutRedirectUris].find(
    (uri) => !allowed?.some((host) => isHost(webHostOf(uri), host)),
  );
  return allowed === undefined || foreign === undefined
    ? undefined
    : invalidRedirectUri(`${foreign} is at a host that may not register here`);
};

const grantTypes: PolicyCheck = (metadata, { grantTypes: allowed }) => {
  const foreign = metadata.grantTypes.find((type) => !(allowed?.includes(type) ?? true));
  return foreign && invalidClientMetadata(`grant_types: ${foreign} may not be registered here`);
};

const authMethods: PolicyCheck = ({ tokenEndpointAuthMethod: method }, { authMethods: allowed }) =>
  allowed?.includes(method) === false
    ? invalidClientMetadata(`token_endpoint_auth_method: ${method} may not be registered here`)
    : undefined;

/**
 * OpenID Connect Core 1.0 section 8.1: pairwise subjects are those of a host that the redirect URIs name, so anybody gets the same
 * by naming it; they are sent there, and a client at no host has its own. What brings them elsewhere, to whoever polls for a device
 * or receives logout tokens, would show them to somebody else.
 */
const pairwiseSubjects: PolicyCheck = ({ subjectType, grantTypes: types, redirectUris, backchannelLogoutUri }) => {
  if (subjectType !== 'pairwise') return undefined;
  if (types.includes(DEVICE_CODE_GRANT_TYPE)) {
    return invalidClientMetadata('subject_type: pairwise subjects may not be registered with the device grant');
  }
  return backchannelLogoutUri === undefined || redirectUris.map(webHostOf).includes(webHostOf(backchannelLogoutUri))
    ? undefined
    : invalidClientMetadata('backchannel_logout_uri: is at no host of a redirect URI, as pairwise subjects need it');
};

const checks: readonly PolicyCheck[] = [redirectHosts, grantTypes, authMethods, pairwiseSubjects];

/** The scopes that a client which registers itself may have: those of the policy, else OpenID Connect's own that the tenant has. */
export function registrableScopes({ scopes: allowed }: RegistrationPolicy, catalogue: Catalogue): readonly string[] {
  const names = catalogue.scopes.map(({ name }) => name);
  return names.filter((name) => (allowed ? allowed.includes(name) : accountScopes.has(name)));
}

/**
 * The metadata as it may be registered, by the tenant's policy too. RFC 7591 section 2: of the scopes asked for, those that are
 * registrable are registered and told; that none is left is an error. The URIs are well-formed already.
 */
export function applyPolicy(
  metadata: ClientMetadata,
  policy: RegistrationPolicy,
  registrable: readonly string[],
): Result<ClientMetadata> {
  for (const check of checks) {
    const refused = check(metadata, policy);
    if (refused) return fail(refused);
  }
  const scopes = metadata.scopes.filter((scope) => registrable.includes(scope));
  if (scopes.length === 0 && metadata.scopes.length > 0) {
    return fail(invalidClientMetadata('scope: none of these may be registered here'));
  }
  return ok({ ...metadata, scopes });
}
