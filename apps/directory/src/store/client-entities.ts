import type { TenantId } from '@signet/contracts';
import type { Client } from '@signet/protocol';
import type { MetadataName } from './client-metadata.js';
import { entity } from './entity.js';

/** A client with null for what it does not have. */
export type ClientRow = Omit<
  Client,
  | MetadataName
  | 'shownLogos'
  | 'authority'
  | 'tenantId'
  | 'clientUri'
  | 'accessTokenAlg'
  | 'defaultMaxAge'
  | 'registration'
> & {
  tenantId: TenantId;
  metadata: object;
  clientUri: string | null;
  accessTokenAlg: NonNullable<Client['accessTokenAlg']> | null;
  defaultMaxAge: number | null;
  registration: NonNullable<Client['registration']> | null;
};

export interface ClientSecretRow {
  tenantId: TenantId;
  clientId: string;
  /** SHA-256. */
  hash: Buffer;
  /** Under the keyring's purpose `client`, for clients of client_secret_jwt. */
  sealed: Buffer | null;
}

export interface ClientRoleRow {
  tenantId: TenantId;
  clientId: string;
  roleId: string;
}

export const clientEntity = entity<ClientRow>('client', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  clientId: { type: 'text', primary: true, name: 'client_id' },
  version: { type: 'integer' },
  enabled: { type: 'boolean' },
  name: { type: 'text' },
  clientUri: { type: 'text', nullable: true, name: 'client_uri' },
  redirectUris: { type: 'text', array: true, name: 'redirect_uris' },
  postLogoutRedirectUris: { type: 'text', array: true, name: 'post_logout_redirect_uris' },
  grantTypes: { type: 'text', array: true, name: 'grant_types' },
  responseTypes: { type: 'text', array: true, name: 'response_types' },
  tokenEndpointAuthMethod: { type: 'text', name: 'token_endpoint_auth_method' },
  requirePkce: { type: 'boolean', name: 'require_pkce' },
  scopes: { type: 'text', array: true },
  idTokenSignedResponseAlg: { type: 'text', name: 'id_token_signed_response_alg' },
  accessTokenAlg: { type: 'text', nullable: true, name: 'access_token_alg' },
  consent: { type: 'text' },
  profile: { type: 'text' },
  defaultMaxAge: { type: 'integer', nullable: true, name: 'default_max_age' },
  requireAuthTime: { type: 'boolean', name: 'require_auth_time' },
  introspects: { type: 'text', array: true },
  registration: { type: 'text', nullable: true },
  metadata: { type: 'jsonb' },
});

export const clientRoleEntity = entity<ClientRoleRow>('client_role', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  clientId: { type: 'text', primary: true, name: 'client_id' },
  roleId: { type: 'uuid', primary: true, name: 'role_id' },
});

export const clientSecretEntity = entity<ClientSecretRow>('client_secret', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  clientId: { type: 'text', primary: true, name: 'client_id' },
  hash: { type: 'bytea', primary: true },
  sealed: { type: 'bytea', nullable: true },
});
