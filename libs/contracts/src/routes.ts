import type { ServiceName } from './services.js';

/** One public route. A Prefix matches whole path segments, as a Kubernetes PathPrefix does. */
export interface Route {
  readonly match: 'Exact' | 'Prefix';
  readonly path: string;
  readonly service: ServiceName;
}

const prefix = (service: ServiceName, ...paths: string[]): Route[] =>
  paths.map((path) => ({ match: 'Prefix', path, service }));

/**
 * The one routing table: the one-process form dispatches by it, proxies' configurations are made from it or tested against it.
 * A tenant named by path follows the endpoint: `/authorize/t/<slug>`; only discovery lies under an issuer.
 */
export const routes: readonly Route[] = [
  ...prefix(
    'authn',
    '/authorize',
    '/sign-in',
    '/select-account',
    '/consent',
    '/initiate',
    '/device',
    '/account',
    '/setup',
    '/admin/v1/credentials',
  ),
  ...prefix(
    'token',
    '/.well-known',
    '/t',
    '/jwks',
    '/token',
    '/par',
    '/userinfo',
    '/introspect',
    '/revoke',
    '/device_authorization',
    '/status-lists',
    '/admin/v1/keys',
    '/admin/v1/grants',
  ),
  ...prefix('session', '/logout', '/check-session', '/admin/v1/sessions', '/admin/v1/logout-deliveries'),
  ...prefix(
    'directory',
    '/register',
    '/client-logo',
    '/scim',
    '/admin/v1/tenants',
    '/admin/v1/organisations',
    '/admin/v1/accounts',
    '/admin/v1/groups',
    '/admin/v1/roles',
    '/admin/v1/resource-servers',
    '/admin/v1/scopes',
    '/admin/v1/clients',
  ),
  ...prefix('audit', '/audit', '/admin/v1/events', '/admin/v1/webhooks'),
  // Nothing lies under it.
  { match: 'Exact', path: '/admin/v1/revocations', service: 'token' },
  // What the Management API can do: a page, and its description for programs.
  { match: 'Exact', path: '/admin/v1', service: 'directory' },
  { match: 'Exact', path: '/admin/v1/openapi.json', service: 'directory' },
];

/** The service that answers `path` (no query, not decoded), or undefined. */
export function routeOf(path: string): Route | undefined {
  return routes.find((route) => path === route.path || (route.match === 'Prefix' && path.startsWith(`${route.path}/`)));
}

/** An endpoint's path at a tenant: `/authorize` at the default one, `/authorize/t/<slug>` at another. */
export function pathAt(tenant: { readonly slug: string }, path: string): string {
  return tenant.slug === 'default' ? path : `${path}/t/${tenant.slug}`;
}
