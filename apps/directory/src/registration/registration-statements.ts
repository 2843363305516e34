import type { TenantId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import type { Client } from '@signet/protocol';
import { z } from 'zod';
import { clientColumns, clientRow } from '../clients/client-statements.js';
import type { KeptSecret } from '../clients/client-secrets.js';
import { metadataOf } from '../store/client-metadata.js';

export interface ClientKey {
  readonly tenantId: TenantId;
  readonly clientId: string;
}

/** A client that manages its registration, as it is while its row is locked. */
export interface Registration {
  readonly client: Client;
  /** Seconds since the epoch. */
  readonly registeredAt: number;
  readonly secrets: readonly KeptSecret[];
}

const values = (client: Client): readonly unknown[] => [
  client.tenantId,
  client.clientId,
  client.version,
  client.enabled,
  client.name,
  client.clientUri ?? null,
  client.redirectUris,
  client.postLogoutRedirectUris,
  client.grantTypes,
  client.responseTypes,
  client.tokenEndpointAuthMethod,
  client.requirePkce,
  client.scopes,
  client.idTokenSignedResponseAlg,
  client.consent,
  client.profile,
  client.defaultMaxAge ?? null,
  client.requireAuthTime,
  client.introspects,
  client.registration ?? null,
  JSON.stringify(metadataOf(client)),
];

const written = `tenant_id, client_id, version, enabled, name, client_uri, redirect_uris, post_logout_redirect_uris, grant_types,
  response_types, token_endpoint_auth_method, require_pkce, scopes, id_token_signed_response_alg, consent, profile, default_max_age,
  require_auth_time, introspects, registration, metadata`;
const places = Array.from({ length: 21 }, (_, index) => `$${index + 1}`).join(', ');

/** The client with the hash of its registration access token. */
export const insertRegistration = statement<{ client: Client; tokenHash: string }, { registeredAt: number }>({
  name: 'directory.registration.insert',
  text: `with registered as (insert into client (${written}) values (${places}) returning tenant_id, client_id)
    insert into client_registration (tenant_id, client_id, token_hash)
    select tenant_id, client_id, $22 from registered
    returning floor(extract(epoch from registered_at))::int as "registeredAt"`,
  parameters: ({ client, tokenHash }) => [...values(client), Buffer.from(tokenHash, 'base64url')],
  row: z.object({ registeredAt: z.int() }),
});

/** Everything that the client says of itself; what administrators set stays as it is. */
export const replaceRegistration = statement<Client, unknown>({
  name: 'directory.registration.replace',
  text: `update client set (${written}) = (${places}) where tenant_id = $1 and client_id = $2`,
  parameters: values,
  row: ignoredRow,
});

/** RFC 7592 section 2: the token is bound to its client and tenant. The client's row stays locked. */
export const lockRegistration = statement<ClientKey & { tokenHash: string }, Registration>({
  name: 'directory.registration.lock',
  text: `select ${clientColumns}, floor(extract(epoch from registered_at))::int as "registeredAt", coalesce((
      select jsonb_agg(jsonb_build_object('hash', encode(hash, 'hex'), 'sealed', encode(sealed, 'hex')))
      from client_secret where client_secret.tenant_id = client.tenant_id and client_secret.client_id = client.client_id
    ), '[]') as "secrets"
    from client join client_registration using (tenant_id, client_id)
    where tenant_id = $1 and client_id = $2 and token_hash = $3
    for no key update of client`,
  parameters: (p) => [p.tenantId, p.clientId, Buffer.from(p.tokenHash, 'base64url')],
  row: z.preprocess((row) => {
    const { registeredAt, secrets, ...client } = row as Record<string, unknown>;
    return { registeredAt, secrets, client };
  }, registrationRow()),
});

function registrationRow() {
  const hex = z.string().transform((text) => Buffer.from(text, 'hex'));
  const secret = z
    .object({ hash: hex, sealed: hex.nullable() })
    .transform(({ hash, sealed }): KeptSecret => ({ hash: hash.toString('base64url'), ...(sealed && { sealed }) }));
  return z.object({ client: clientRow, registeredAt: z.int(), secrets: z.array(secret) });
}

/** Its secrets and its registration go with it. */
export const deleteClient = statement<ClientKey, unknown>({
  name: 'directory.client.delete',
  text: 'delete from client where tenant_id = $1 and client_id = $2',
  parameters: (p) => [p.tenantId, p.clientId],
  row: ignoredRow,
});

/** Makes the client's secrets this one, or none. */
export const setSecret = statement<ClientKey & { secret: KeptSecret | undefined }, unknown>({
  name: 'directory.client-secret.set',
  text: `with gone as (
      delete from client_secret where tenant_id = $1 and client_id = $2 and ($3::bytea is null or hash <> $3))
    insert into client_secret (tenant_id, client_id, hash, sealed)
    select $1, $2, $3::bytea, $4::bytea where $3::bytea is not null
    on conflict (tenant_id, client_id, hash) do update set sealed = excluded.sealed`,
  parameters: ({ tenantId, clientId, secret }) => [
    tenantId,
    clientId,
    secret ? Buffer.from(secret.hash, 'base64url') : null,
    secret?.sealed ?? null,
  ],
  row: ignoredRow,
});

interface InitialToken {
  readonly tenantId: TenantId;
  readonly hash: string;
}

const isUsable = 'uses_left > 0 and (expires_at is null or expires_at > clock_timestamp())';

/** Whether a registration may be looked at at all; it is spent when it is made. */
export const findInitialToken = statement<InitialToken, { id: string }>({
  name: 'directory.initial-access-token.find',
  text: `select id from initial_access_token where tenant_id = $1 and hash = $2 and ${isUsable}`,
  parameters: (p) => [p.tenantId, Buffer.from(p.hash, 'base64url')],
  row: z.object({ id: z.uuid() }),
});

/** Counts a use; no row: there is none left. */
export const spendInitialToken = statement<InitialToken, { id: string }>({
  name: 'directory.initial-access-token.spend',
  text: `update initial_access_token set uses_left = uses_left - 1 where tenant_id = $1 and hash = $2 and ${isUsable} returning id`,
  parameters: (p) => [p.tenantId, Buffer.from(p.hash, 'base64url')],
  row: z.object({ id: z.uuid() }),
});

export const insertInitialToken = statement<
  InitialToken & { id: string; uses: number; lifetime: number | undefined },
  { expiresAt: number | null }
>({
  name: 'directory.initial-access-token.insert',
  text: `insert into initial_access_token (tenant_id, hash, id, uses_left, expires_at)
    values ($1, $2, $3, $4, clock_timestamp() + $5::integer * interval '1 second')
    returning floor(extract(epoch from expires_at))::int as "expiresAt"`,
  parameters: (p) => [p.tenantId, Buffer.from(p.hash, 'base64url'), p.id, p.uses, p.lifetime ?? null],
  row: z.object({ expiresAt: z.int().nullable() }),
});
