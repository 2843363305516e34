import type { TenantId } from '@signet/contracts';
import { statement } from '@signet/persistence';
import { clientSchema, clientWithSecretsSchema, type Client, type ClientWithSecrets } from '@signet/protocol';
import { z } from 'zod';
import { authorityVersionOf, permissionsOf } from '../accounts/authority-sql.js';

/** A column that is null says that the client does not have the member; `metadata` holds those without a column. */
const members = (row: unknown): unknown => {
  const { metadata, ...columns } = row as Record<string, unknown>;
  const held = Object.entries(columns).filter(([, value]) => value !== null);
  return { ...(metadata as object), ...Object.fromEntries(held) };
};

/** A client's logo_uri and all that it has by language, one object, by their names on the wire. */
export const logoMembers = `coalesce(client.metadata -> 'localized', '{}') || jsonb_build_object('logo_uri', client.metadata -> 'logoUri')`;

const clientRoles = `(
  select role_id from client_role where client_role.tenant_id = client.tenant_id and client_role.client_id = client.client_id)`;

export const clientColumns = `client_id as "clientId", tenant_id as "tenantId", version, enabled, name, client_uri as "clientUri",
  redirect_uris as "redirectUris", post_logout_redirect_uris as "postLogoutRedirectUris", grant_types as "grantTypes",
  response_types as "responseTypes", token_endpoint_auth_method as "tokenEndpointAuthMethod", require_pkce as "requirePkce",
  scopes, id_token_signed_response_alg as "idTokenSignedResponseAlg", access_token_alg as "accessTokenAlg", consent, profile,
  default_max_age as "defaultMaxAge", require_auth_time as "requireAuthTime", introspects, registration, metadata,
  jsonb_build_object('version', ${authorityVersionOf('client')}, 'permissions', ${permissionsOf('client', clientRoles)}) as authority,
  case when metadata ?| '{logoUri,localized}' then array(
    select member from client_logo where client_logo.tenant_id = client.tenant_id and client_logo.client_id = client.client_id
      and client_logo.uri = (${logoMembers}) ->> member and client_logo.bytes is not null order by member) end as "shownLogos"`;

export const clientRow = z.preprocess(members, clientSchema);

interface ClientKey {
  tenantId: TenantId;
  clientId: string;
}

export const findClientByKey = statement<ClientKey, Client>({
  name: 'directory.client.find',
  text: `select ${clientColumns} from client where tenant_id = $1 and client_id = $2`,
  parameters: (p) => [p.tenantId, p.clientId],
  row: clientRow,
});

export const findClientWithSecretsByKey = statement<ClientKey, ClientWithSecrets>({
  name: 'directory.client.find-with-secrets',
  text: `select ${clientColumns}, array(
      select translate(encode(secret.hash, 'base64'), '+/=', '-_') from client_secret secret
      where secret.tenant_id = client.tenant_id and secret.client_id = client.client_id
        and (secret.expires_at is null or secret.expires_at > clock_timestamp())
      order by secret.created_at desc, secret.hash) as "secretHashes", (
      select array_agg(translate(encode(secret.sealed, 'base64'), E'+/=\\n', '-_') order by secret.created_at desc, secret.hash)
      from client_secret secret
      where secret.tenant_id = client.tenant_id and secret.client_id = client.client_id and secret.sealed is not null
        and (secret.expires_at is null or secret.expires_at > clock_timestamp())) as "sealedSecrets"
    from client where tenant_id = $1 and client_id = $2`,
  parameters: (p) => [p.tenantId, p.clientId],
  row: z.preprocess(members, clientWithSecretsSchema),
});
