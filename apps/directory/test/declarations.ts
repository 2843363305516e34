import { newId, planId, type applyDirectoryConfiguration, type DeclaredTenant } from '@signet/contracts';
import type { z } from 'zod';

export const hash = (letter: string): string => letter.repeat(42) + 'A';

export const aDeclaredClient = (
  changed: Partial<DeclaredTenant['clients'][number]> = {},
): DeclaredTenant['clients'][number] => ({
  clientId: 'shop',
  name: 'Shop',
  redirectUris: ['https://shop.example/callback'],
  postLogoutRedirectUris: [],
  grantTypes: ['authorization_code', 'refresh_token'],
  responseTypes: ['code'],
  tokenEndpointAuthMethod: 'client_secret_basic',
  requirePkce: true,
  scopes: ['openid', 'orders:read'],
  idTokenSignedResponseAlg: 'RS256',
  consent: 'explicit',
  profile: 'oidc',
  requireAuthTime: false,
  introspects: ['https://orders.example'],
  roles: [],
  enabled: true,
  secretHashes: [hash('B')],
  ...changed,
});

export const aDeclaredUser = (
  changed: Partial<DeclaredTenant['users'][number]> = {},
): DeclaredTenant['users'][number] => ({
  username: 'Alice',
  enabled: true,
  claims: { name: 'Alice Liddell', email: 'alice@acme.example', email_verified: true },
  attributes: {},
  groups: ['staff'],
  roles: ['auditor'],
  organisations: [],
  ...changed,
});

export const aDeclaredTenant = (changed: Partial<DeclaredTenant> = {}): DeclaredTenant => ({
  slug: 'default',
  issuer: 'https://id.acme.example',
  name: 'Acme',
  enabled: true,
  policies: {
    session: { idle: 3_600, absolute: 36_000 },
    accessToken: { lifetime: 300 },
    refresh: { idle: 86_400, absolute: 2_592_000 },
    keys: { rotateAfter: 7_776_000 },
  },
  branding: { accent: '#336699' },
  attributes: [],
  scopes: [
    { name: 'openid', description: 'Know that it is you' },
    { name: 'orders:read', description: 'See your orders', resourceServer: 'https://orders.example' },
  ],
  resourceServers: [
    {
      identifier: 'https://orders.example',
      name: 'Orders',
      accessTokenSigningAlg: 'ES256',
      statusList: false,
      permissions: [],
    },
  ],
  roles: [
    { name: 'auditor', description: '', permissions: {} },
    { name: 'clerk', description: '', permissions: {} },
  ],
  organisations: [],
  groups: [{ name: 'staff', displayName: 'Staff', roles: ['clerk'], groups: [] }],
  clients: [aDeclaredClient()],
  users: [aDeclaredUser()],
  ...changed,
});

export const aPlan = (...tenants: DeclaredTenant[]): z.infer<typeof applyDirectoryConfiguration.request> => ({
  planId: newId(planId),
  tenants,
});
