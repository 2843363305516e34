import { randomBytes } from 'node:crypto';
import {
  account,
  accountId,
  findClient,
  newId,
  tenant,
  tenantId,
  type Account,
  type Tenant,
  type TenantId,
} from '@signet/contracts';
import type { z } from 'zod';

type Client = z.infer<typeof findClient.response>;

/** Each builder gives a valid value with new ids; what a test is about it names itself. */
export function aTenant(overrides: Partial<Tenant> = {}): Tenant {
  return tenant.parse({
    id: newId(tenantId),
    slug: 'acme',
    issuer: 'https://id.acme.example',
    name: 'Acme',
    enabled: true,
    version: 1,
    policies: {
      session: { idle: 3_600, absolute: 36_000 },
      accessToken: { lifetime: 300 },
      refresh: { idle: 86_400, absolute: 2_592_000 },
      keys: { rotateAfter: 7_776_000 },
    },
    branding: {},
    ...overrides,
  });
}

export function anAccount(overrides: Partial<Account> & { tenantId: TenantId }): Account {
  return account.parse({
    accountId: newId(accountId),
    sub: `sub-${newId(accountId)}`,
    pairwiseSeed: randomBytes(32).toString('base64url'),
    status: 'active',
    version: 1,
    claims: { name: 'Alice Liddell', preferred_username: 'alice', email: 'alice@acme.example', email_verified: true },
    groups: [],
    roles: [],
    authority: { version: 0, permissions: {} },
    organisations: [],
    ...overrides,
  });
}

/** A confidential client of the code flow, with refresh tokens. */
export function aClient(overrides: Partial<Client> & { tenantId: TenantId }): Client {
  return findClient.response.parse({
    clientId: 'shop',
    version: 1,
    enabled: true,
    name: 'Shop',
    redirectUris: ['https://shop.example/callback'],
    postLogoutRedirectUris: ['https://shop.example/'],
    grantTypes: ['authorization_code', 'refresh_token'],
    responseTypes: ['code'],
    tokenEndpointAuthMethod: 'client_secret_basic',
    requirePkce: true,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    idTokenSignedResponseAlg: 'RS256',
    consent: 'remembered',
    profile: 'oidc',
    requireAuthTime: false,
    introspects: [],
    registration: 'operator',
    ...overrides,
  });
}
