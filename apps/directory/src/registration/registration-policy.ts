import type { Catalogue, RegistrationPolicy } from '@signet/contracts';
import {
  accountScopes,
  fail,
  invalidClientMetadata,
  invalidRedirectUri,
  ok,
  type ClientMetadata,
  type OAuthError,
  type Result,
} from '@signet/protocol';

/** A check of the tenant's policy: what it does not allow, or undefined. */
type PolicyCheck = (metadata: ClientMetadata, policy: RegistrationPolicy) => OAuthError | undefined;

/** A host, or one below it where the policy writes `*.example.com`. */
const isHost = (hostname: string, allowed: string): boolean =>
  allowed.startsWith('*.') ? hostname.endsWith(allowed.slice(1)) : hostname === allowed;

const redirectHosts: PolicyCheck = ({ redirectUris, postLogoutRedirectUris }, { redirectHosts: allowed }) => {
  const foreign = [...redirectUris, ...postLogoutRedirectUris].find(
    (uri) => !allowed?.some((host) => isHost(new URL(uri).hostname, host)),
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

const checks: readonly PolicyCheck[] = [redirectHosts, grantTypes, authMethods];

/** The scopes that a client which registers itself may have: those of the policy, else OpenID Connect's own that the tenant has. */
export function registrableScopes({ scopes: allowed }: RegistrationPolicy, catalogue: Catalogue): readonly string[] {
  const names = catalogue.scopes.map(({ name }) => name);
  return names.filter((name) => (allowed ? allowed.includes(name) : accountScopes.has(name)));
}

/**
 * The metadata as the tenant's policy lets it be registered. RFC 7591 section 2: of the scopes asked for, those that are
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
