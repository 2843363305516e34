import { pathAt, type Tenant } from '@signet/contracts';
import { wireMetadataOf } from '@signet/protocol';
import type { Registered } from './registrar.js';

/** RFC 7591 section 3.2.1 and RFC 7592 section 3. The URI is made of the tenant's issuer, never of the request. */
export function registrationResponse(tenant: Tenant, registered: Registered): Readonly<Record<string, unknown>> {
  const { client, registeredAt, accessToken, secret } = registered;
  const { origin } = new URL(tenant.issuer);
  return {
    ...wireMetadataOf(client),
    client_id: client.clientId,
    client_id_issued_at: registeredAt,
    // "REQUIRED if client_secret is issued"; 0: it does not expire.
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: accessToken,
    registration_client_uri: `${origin}${pathAt(tenant, '/register')}/${client.clientId}`,
  };
}
