import { pathAt, type Tenant } from '@signet/contracts';
import type { Endpoints } from '@signet/protocol';

/** A tenant's URLs: at the origin of its stored issuer the service comes first, and a tenant that is named by path follows it. */
export function endpointsOf(tenant: Pick<Tenant, 'issuer' | 'slug'>): Endpoints {
  const { origin } = new URL(tenant.issuer);
  const url = (path: string) => origin + pathAt(tenant, path);
  return {
    authorization: url('/authorize'),
    token: url('/token'),
    jwks: url('/jwks'),
    userinfo: url('/userinfo'),
    introspection: url('/introspect'),
    revocation: url('/revoke'),
    pushedAuthorizationRequest: url('/par'),
    endSession: url('/logout'),
    checkSession: url('/check-session'),
    deviceAuthorization: url('/device_authorization'),
  };
}

/** Where clients register themselves, if the tenant lets them. */
export function registrationEndpointOf(tenant: Pick<Tenant, 'issuer' | 'slug' | 'policies'>): string | undefined {
  const { mode } = tenant.policies.registration ?? { mode: 'closed' };
  return mode === 'closed' ? undefined : new URL(tenant.issuer).origin + pathAt(tenant, '/register');
}
