import {
  managementPermissions,
  managementResource,
  managementScopes,
  type HeldPermission,
  type ManagementPermission,
} from '@signet/contracts';
import { digests } from '@signet/keys';
import { clientWithSecretsSchema } from '@signet/protocol';
import { aClient } from '@signet/testing';
import { basic, path, post, secret, type Population } from './population.js';
import type { Replica, TokenReplicas } from './token-replicas.js';

export const held = (...names: ManagementPermission[]): HeldPermission[] =>
  names.map((name) => ({ name, organisationId: null }));

/** Lets the tenant be administered: by a client `console` that acts for itself, and holds what `permissions` says. */
export function makeConsole(
  mesh: TokenReplicas,
  { tenant }: Population,
  permissions: HeldPermission[] = held(...managementPermissions),
): void {
  const at = mesh.directory.catalogues.findIndex(({ tenantId }) => tenantId === tenant.id);
  const [catalogue] = mesh.directory.catalogues.splice(at, 1);
  if (!catalogue) throw new Error('the tenant has no catalogue');
  const management = {
    ...{ identifier: managementResource, name: 'Signet', statusList: false },
    accessTokenSigningAlg: 'ES256' as const,
  };
  const scopes = Object.values(managementScopes).map((name) => ({
    ...{ name, description: name, resourceServer: managementResource },
  }));
  mesh.directory.catalogues.push({
    ...catalogue,
    scopes: [...catalogue.scopes, ...scopes],
    resourceServers: [...catalogue.resourceServers, management],
  });
  mesh.directory.clients.push(
    clientWithSecretsSchema.parse({
      ...aClient({ tenantId: tenant.id, clientId: 'console', grantTypes: ['client_credentials'], redirectUris: [] }),
      scopes: [...Object.values(managementScopes), 'demo:read'],
      secretHashes: [digests.sha256(secret)],
    }),
  );
  mesh.directory.authorities.set(`${tenant.id} console`, permissions);
}

/** An access token of the console. */
export async function consoleToken(
  replica: Replica,
  { tenant }: Population,
  scope: string = managementScopes.admin,
  headers: Record<string, string> = {},
): Promise<string> {
  const fields = { grant_type: 'client_credentials', scope };
  const answer = await post(replica, path(tenant, '/token'), fields, {
    authorization: basic('console', secret),
    ...headers,
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return String(answer.body['access_token']);
}

export interface Asked {
  readonly bearer?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ManagementAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Null where there is none. */
  readonly body: unknown;
}

export async function manage(
  { origin }: Replica,
  method: string,
  url: string,
  { bearer, body, headers = {} }: Asked = {},
): Promise<ManagementAnswer> {
  const response = await fetch(`${origin}/admin/v1${url}`, {
    method,
    headers: {
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}
