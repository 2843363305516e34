import { describe, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration, declaredTenant, newId, tenantId, type DeclaredTenant } from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser } from '../../../test/declarations.js';
import type { ClientRules } from '../../clients/faults/client-check.js';
import type { TenantRow } from '../../store/tenant-entity.js';
import type { StoredTenant } from '../stored-state.js';
import { findFaults } from './find-faults.js';

const client = aDeclaredClient({ scopes: ['openid'], introspects: [] });
const user = aDeclaredUser({ username: 'alice', claims: {}, groups: [], roles: [] });
const tenant = aDeclaredTenant({
  slug: 'acme',
  scopes: [{ name: 'openid', description: '' }],
  ...{ resourceServers: [], roles: [], groups: [], clients: [client], users: [user] },
});

const rules: ClientRules = { mode: 'development', outboundAllow: [] };

const faultsOf = (changed: Partial<DeclaredTenant>, ...others: DeclaredTenant[]) =>
  findFaults([declaredTenant.parse({ ...tenant, ...changed }), ...others], [], new Map(), rules).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );
const withClient = (changed: Partial<typeof client>) => faultsOf({ clients: [{ ...client, ...changed }] });
const withUser = (changed: Partial<typeof user>) => faultsOf({ users: [{ ...user, ...changed }] });

describe('findFaults', () => {
  it('finds none in what is right', () => {
    expect(faultsOf({})).toEqual([]);
    expect(
      withClient({ redirectUris: ['http://127.0.0.1/cb', 'com.example.app:/cb', 'https://a.example/?b=c'] }),
    ).toEqual([]);
  });

  it.each<[string, Partial<typeof client>]>([
    ['redirectUris.0 has a fragment', { redirectUris: ['https://a.example/#b'] }],
    ['redirectUris.0 is http, and not of this machine', { redirectUris: ['http://a.example/'] }],
    ['redirectUris.0 is not an absolute URI', { redirectUris: ['/callback'] }],
    ['redirectUris.0 has a private-use scheme without a dot', { redirectUris: ['app:/cb'] }],
    ['redirectUris.0 has the scheme javascript', { redirectUris: ['javascript:alert(1)'] }],
    ['postLogoutRedirectUris.0 has user information', { postLogoutRedirectUris: ['https://a@b.example/'] }],
    ['redirectUris authorization_code needs at least one', { redirectUris: [] }],
    ['responseTypes code and the grant type authorization_code need each other', { responseTypes: [] }],
    [
      'grantTypes client_credentials is for confidential clients',
      {
        tokenEndpointAuthMethod: 'none',
        secretHashes: [],
        grantTypes: ['authorization_code', 'client_credentials'],
      },
    ],
    ['secretHashes a public client has no secret', { tokenEndpointAuthMethod: 'none' }],
    ['secretHashes a confidential client needs one', { secretHashes: [] }],
    ['scopes.1 there is no scope admin', { scopes: ['openid', 'admin'] }],
    ['introspects.0 there is no resource server https://api.example', { introspects: ['https://api.example'] }],
    ['defaultMaxAge is longer than ten years', { defaultMaxAge: 2 ** 40 }],
    ['name must be well-formed text of at most 2048 characters, without NUL', { name: 'a\u0000b' }],
    [
      'jwksUri must be well-formed text of at most 2048 characters, without NUL',
      { jwksUri: 'https://a.example/\u0000' },
    ],
  ])('client: %s', (fault, changed) => {
    expect(withClient(changed)).toEqual([`tenants.acme.clients.shop.${fault}`]);
  });

  it('refuses a refresh token without a code, and client_credentials with a response type', () => {
    expect(withClient({ grantTypes: ['client_credentials', 'refresh_token'] })).toEqual([
      'tenants.acme.clients.shop.grantTypes refresh_token needs authorization_code',
      'tenants.acme.clients.shop.responseTypes code and the grant type authorization_code need each other',
    ]);
  });

  it.each<[string, Partial<DeclaredTenant>]>([
    ['issuer has a query', { issuer: 'https://id.example/?a=b' }],
    ['issuer ends in a slash', { issuer: 'https://id.example/' }],
    ['issuer is http, and not of this machine', { issuer: 'http://id.example' }],
    ['issuer must be written https://id.example', { issuer: 'https://ID.example' }],
    ['issuer is not an https URL', { issuer: 'urn:a' }],
    [
      'policies.session.idle is longer than the absolute lifetime',
      { policies: { ...tenant.policies, session: { idle: 2, absolute: 1 } } },
    ],
    [
      'policies.remembered_session.idle is longer than the absolute lifetime',
      {
        policies: {
          ...tenant.policies,
          session: { ...tenant.policies.session, remembered: { idle: 2, absolute: 1 } },
        },
      },
    ],
    ['scopes.openid is declared twice', { scopes: [...tenant.scopes, ...tenant.scopes] }],
    ['clients.shop is declared twice', { clients: [client, client] }],
    ['users.alice is declared twice', { users: [user, { ...user, username: 'ＡＬＩＣＥ' }] }],
    [
      'groups.staff.roles.0 there is no role admin',
      { groups: [{ name: 'staff', displayName: 'S', roles: ['admin'], groups: [] }] },
    ],
    [
      'scopes.read.resourceServer there is no resource server https://api.example',
      { scopes: [...tenant.scopes, { name: 'read', description: '', resourceServer: 'https://api.example' }] },
    ],
    [
      "resourceServers.https://id.acme.example is the tenant's issuer",
      {
        resourceServers: [
          { identifier: tenant.issuer, name: 'Me', accessTokenSigningAlg: 'ES256', statusList: false, permissions: [] },
        ],
      },
    ],
  ])('tenant: %s', (fault, changed) => {
    expect(faultsOf(changed)).toEqual([`tenants.acme.${fault}`]);
  });

  it.each<[string, Partial<typeof user>]>([
    ['tenants.acme.users.\u200b.username shows nothing', { username: '\u200b' }],
    ['tenants.acme.users.alice .username begins or ends with space, or has control characters', { username: 'alice ' }],
    ['tenants.acme.users.alice.groups.0 there is no group staff', { groups: ['staff'] }],
    ['tenants.acme.users.alice.roles.0 there is no role admin', { roles: ['admin'] }],
  ])('user: %s', (fault, changed) => {
    expect(withUser(changed)).toEqual([fault]);
  });

  it('reports everything at once', () => {
    const other = declaredTenant.parse({ ...tenant, clients: [{ ...client, scopes: ['none'] }] });
    expect(faultsOf({ users: [{ ...user, roles: ['admin'] }] }, other)).toEqual([
      'tenants.slug.acme is declared twice',
      'tenants.issuer.https://id.acme.example is declared twice',
      'tenants.acme.users.alice.roles.0 there is no role admin',
      'tenants.acme.clients.shop.scopes.0 there is no scope none',
    ]);
  });

  it('tells what only stands against what is stored: another issuer, a foreign one, a deleted account', () => {
    const row: TenantRow = {
      ...tenant,
      id: newId(tenantId),
      version: 1,
      catalogueVersion: 1,
      authorityVersion: 0,
      issuer: 'https://old.example',
    };
    const stored: StoredTenant = {
      row,
      ...{ resourceServers: new Map(), scopes: new Map(), roles: new Map(), clients: new Map() },
      ...{ organisations: new Map(), groups: new Map() },
      subjects: new Set(),
      accounts: new Map([['alice', { accountId: newId(tenantId) as never, row: undefined }]]),
    };
    const found = findFaults([tenant], [row], new Map([['acme', stored]]), rules);
    expect(found).toEqual([
      {
        path: ['tenants', 'acme', 'issuer'],
        message: 'is https://old.example since the tenant was created, and cannot change',
        stored: true,
      },
      { path: ['tenants', 'acme', 'users', 'alice'], message: 'is the name of a deleted account', stored: true },
    ]);
    expect(findFaults([tenant], [{ ...row, slug: 'other', issuer: tenant.issuer }], new Map(), rules)).toEqual([
      { path: ['tenants', 'acme', 'issuer'], message: 'is the issuer of the tenant other', stored: true },
    ]);
  });

  it('bears what the contract lets through, whatever its size', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({ ...user, username: `u${index}`, roles: ['x'] }));
    expect(applyDirectoryConfiguration.request.shape.tenants.safeParse([{ ...tenant, users: many }]).success).toBe(
      true,
    );
    expect(faultsOf({ users: many })).toHaveLength(2_000);
  });
});
