import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The redirect_uri of every client; nobody listens there. */
export const callback = 'http://localhost:4001/callback';
export const afterLogout = 'http://localhost:4001/bye';
export const api = 'https://api.example';

const code = {
  redirect_uris: [callback],
  post_logout_redirect_uris: [afterLogout],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email offline_access api:read',
  consent: 'remembered',
};

/** Clients of both tenants: same names, same secrets, so that nothing but the tenant tells them apart. */
export const secrets = {
  demo: 'demo-secret-1',
  'demo-post': 'post-secret-1',
  other: 'other-secret-1',
  service: 'service-secret-1',
  hybrid: 'hybrid-secret-1',
};
export const alice = { username: 'alice', password: 'wonderland-1' };

/** Issuers, seen from the base URL. */
export const tenants = ['default', 'globex'] as const;
export type TenantSlug = (typeof tenants)[number];
export const issuerOf = (base: string, slug: TenantSlug) => (slug === 'default' ? base : `${base}/t/${slug}`);
export const endpoint = (base: string, slug: TenantSlug, at: string) =>
  slug === 'default' ? `${base}${at}` : `${base}${at}/t/${slug}`;

const tenant = (slug: TenantSlug, more: readonly object[], people: readonly object[]) => ({
  slug,
  name: slug === 'default' ? 'Signet' : 'Globex',
  registration: { mode: 'open' },
  resource_servers: [{ identifier: api, name: 'API', status_list: true }],
  scopes: [{ name: 'api:read', description: 'Read', resource_server: api }],
  clients: [
    { ...code, client_id: 'demo', client_name: 'Demo', client_secret: secrets.demo },
    {
      ...code,
      client_id: 'demo-post',
      client_name: 'Poster',
      client_secret: secrets['demo-post'],
      token_endpoint_auth_method: 'client_secret_post',
    },
    { ...code, client_id: 'demo-spa', client_name: 'Page', token_endpoint_auth_method: 'none' },
    {
      ...code,
      client_id: 'demo-tv',
      client_name: 'Television',
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    },
    { ...code, client_id: 'other', client_name: 'Other', client_secret: secrets.other },
    { ...code, client_id: `only-${slug}`, client_name: 'Lonely', client_secret: secrets.other },
    {
      ...code,
      client_id: 'hybrid',
      client_name: 'Hybrid',
      client_secret: secrets.hybrid,
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
    },
    {
      ...code,
      client_id: 'implicit',
      client_name: 'Implicit',
      token_endpoint_auth_method: 'none',
      grant_types: ['implicit'],
      response_types: ['id_token'],
    },
    {
      client_id: 'demo-service',
      client_name: 'Service',
      client_secret: secrets.service,
      grant_types: ['client_credentials'],
      scope: 'api:read',
      introspects: [api],
    },
    ...more,
  ],
  users: [{ ...alice, name: `Alice of ${slug}`, email: `alice@${slug}.example`, email_verified: true }, ...people],
});

/** A client of the code flow, for whoever adds one of its own. */
export const codeClient = (clientId: string, metadata: object) => ({
  ...code,
  client_id: clientId,
  client_name: clientId,
  ...metadata,
});

/** A signet.yaml with two tenants that are alike in everything but their names; both with these clients too, and the default one with these people. */
export function twinTenants(more: readonly object[] = [], people: readonly object[] = []): string {
  return configurationFile({
    tenants: tenants.map((slug) => tenant(slug, more, slug === 'default' ? people : [])),
  });
}

/** A signet.yaml that says this. */
export function configurationFile(configuration: object): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'signet-e2e-')), 'signet.yaml');
  writeFileSync(file, JSON.stringify(configuration, undefined, 2));
  return file;
}
