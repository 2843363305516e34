import {
  catalogue,
  issueGrant,
  micros,
  newId,
  prepareKeys,
  planId,
  type Account,
  type GrantIssued,
  type Tenant,
} from '@signet/contracts';
import { digests } from '@signet/keys';
import { clientWithSecretsSchema, formatAuthorizationCode, type ClientWithSecrets } from '@signet/protocol';
import { aClient, anAccount, aTenant } from '@signet/testing';
import { aSignIn, verifier, type GrantRequest, type SignIn } from './sign-in.js';
import { issuer, type Replica, type TokenReplicas } from './token-replicas.js';

export const secret = 'demo-secret-of-thirty-two-chars-';
export const api = 'https://api.demo.example';

/** A tenant as a test needs one: an account, and a client of each kind. */
export interface Population {
  readonly tenant: Tenant;
  readonly alice: Account;
  /** Confidential, with refresh tokens. */
  readonly shop: ClientWithSecrets;
  /** Public. */
  readonly spa: ClientWithSecrets;
  /** Acts for itself, and introspects for the API. */
  readonly robot: ClientWithSecrets;
  readonly authorization: string;
}

export async function populate(mesh: TokenReplicas, slug = 'default'): Promise<Population> {
  const tenant = aTenant({ slug, issuer: slug === 'default' ? issuer : `${issuer}/t/${slug}` });
  const alice = anAccount({ tenantId: tenant.id });
  const client = (changes: Partial<ClientWithSecrets>): ClientWithSecrets =>
    clientWithSecretsSchema.parse({
      ...aClient({ tenantId: tenant.id }),
      secretHashes: [digests.sha256(secret)],
      scopes: ['openid', 'profile', 'email', 'offline_access', 'demo:read'],
      ...changes,
    });
  const shop = client({});
  const spa = client({ clientId: 'spa', tokenEndpointAuthMethod: 'none', secretHashes: [] });
  const robot = client({
    clientId: 'robot',
    grantTypes: ['client_credentials'],
    redirectUris: [],
    scopes: ['demo:read'],
    introspects: [api],
  });
  mesh.directory.tenants.push(tenant);
  mesh.directory.accounts.push(alice);
  mesh.directory.clients.push(shop, spa, robot);
  mesh.directory.catalogues.push(
    catalogue.parse({
      tenantId: tenant.id,
      version: 1,
      scopes: [
        ...['openid', 'profile', 'email', 'offline_access'].map((name) => ({ name, description: name })),
        { name: 'demo:read', description: 'Read', resourceServer: api },
      ],
      resourceServers: [{ identifier: api, name: 'API', accessTokenSigningAlg: 'ES256' }],
      readAt: 1,
    }),
  );
  await mesh.ask(prepareKeys, { planId: newId(planId), tenantIds: [tenant.id] });
  return { tenant, alice, shop, spa, robot, authorization: basic('shop', secret) };
}

export const basic = (id: string, password: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64')}`;

export const path = (tenant: Tenant, endpoint: string): string =>
  tenant.slug === 'default' ? endpoint : `${endpoint}/t/${tenant.slug}`;

/** Alice at a client, as authn would ask for her code. */
export function signInOf(
  { tenant, alice }: Population,
  now: number,
  changes: Partial<GrantRequest> = {},
): SignIn & { readonly code: string } {
  const signIn = aSignIn(micros.parse(now), { tenantId: tenant.id, ...changes });
  const request: GrantRequest = {
    ...signIn.request,
    authentication: { ...signIn.request.authentication, accountId: alice.accountId },
    ...changes,
  };
  return {
    request,
    secret: signIn.secret,
    code: formatAuthorizationCode({ id: request.code.id, secret: signIn.secret }),
  };
}

export async function codeOf(
  mesh: TokenReplicas,
  population: Population,
  changes: Partial<GrantRequest> = {},
): Promise<{ code: string; request: GrantRequest; answer: GrantIssued }> {
  const { request, code } = signInOf(population, mesh.replicas[0].service.parts.database.now(), changes);
  return { code, request, answer: await mesh.ask(issueGrant, request) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Sends a form; `fields` as pairs may double a name. */
export async function post(
  replica: Replica,
  url: string,
  fields: Record<string, string> | string[][] | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(replica.origin + url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields as Record<string, string>).toString(),
  });
  return answerOf(response);
}

export async function get(replica: Replica, url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await fetch(replica.origin + url, { headers }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, body: json ? (JSON.parse(text) as Answer['body']) : {} };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly expires_in: number;
}

export const redemption = (code: string, changes: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: 'https://shop.example/callback',
  code_verifier: verifier,
  ...changes,
});

export async function tokensOf(
  mesh: TokenReplicas,
  population: Population,
  changes: Partial<GrantRequest> = {},
  replica: Replica = mesh.replicas[0],
): Promise<Tokens> {
  const { code } = await codeOf(mesh, population, changes);
  const { tenant, authorization } = population;
  const answer = await post(replica, path(tenant, '/token'), redemption(code), { authorization });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as unknown as Tokens;
}

export const refresh = (token: string | undefined, changes: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'refresh_token',
  refresh_token: token ?? '',
  ...changes,
});

export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

export const headerOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

/** Changes rows behind the services' back, the recording rule included: to let time pass. */
export async function meddle(mesh: TokenReplicas, sql: string): Promise<void> {
  await mesh.database.query(`begin; set local session_replication_role = replica; ${sql}; commit`);
}

export const isActive = async (
  mesh: TokenReplicas,
  { tenant, authorization }: Population,
  token: string | undefined,
  at = 0,
) =>
  (await post(mesh.replicas[at === 0 ? 0 : 1], path(tenant, '/introspect'), { token: token ?? '' }, { authorization }))
    .body['active'];
