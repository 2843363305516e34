import { beforeAll, describe, expect, it } from '@jest/globals';
import type { exportDirectoryTenant } from '@signet/contracts';
import { declaredKind, listTenants, newId, tenantId, type DeclaredTenant } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { MeshError, type Requester } from '@signet/messaging';
import { parse } from 'yaml';
import type { z } from 'zod';
import { signetFileSchema } from '../commands/schema.js';
import { declaredTenants } from './declare.js';
import { allSlugs, exported } from './export.js';
import { readSignetFile } from './read.js';

const base = 'https://id.example';
const keyring = loadKeyring(newKeyring());

/** Says everything that a file can say. */
const everything = `
tenants:
  - slug: default
    name: \${env:NAME:-Example}
    enabled: false
    branding: { accent: '#123456' }
    policies: { session_idle_seconds: 60, session_absolute_seconds: 120, remembered_session_idle_seconds: 130, remembered_session_absolute_seconds: 140, password_change_ends_sessions: false, access_token_seconds: 30, refresh_idle_seconds: 61, refresh_absolute_seconds: 121, key_rotation_days: 7, deleted_account_days: 9, audit_retention_days: { authentication: 400, tokens: 30, administration: 3650 } }
    registration: { mode: open, open_to_everybody: true, allowed_redirect_hosts: ['*.example.com'], allowed_grant_types: [authorization_code], allowed_auth_methods: [none], allowed_scopes: [openid] }
    attributes:
      - { name: badge, description: A badge, type: integer, multi_valued: true, required: false, max_length: 10, choices: [a] }
      - { name: plain }
    resource_servers:
      - { identifier: 'https://b.example', name: 'yes', access_token_signing_alg: PS256, status_list: true, permissions: [{ name: refund, description: Refunds }, { name: see }] }
      - { identifier: 'https://a.example', name: 'A: {b}' }
    scopes:
      - { name: 'b:read', description: 'Reads #1', resource_server: 'https://b.example' }
      - { name: email, description: Your address }
    roles:
      - { name: reader, description: '', permissions: { 'https://b.example': [refund, see] } }
      - { name: admin, description: "two\\nlines" }
    organisations:
      - { name: acme, display_name: Acme, enabled: false, roles: [reader] }
      - { name: bare }
    groups:
      - { name: staff, display_name: Staff, roles: [reader, admin], groups: [all] }
      - { name: all }
      - { name: all, organisation: acme }
    clients:
      - client_id: web
        client_name: Web
        'client_name#fr': Toile
        client_uri: https://web.example
        client_secret: a secret of thirty-two characters
        logo_uri: https://web.example/logo.png
        policy_uri: https://web.example/policy
        tos_uri: https://web.example/tos
        contacts: [web@example.com]
        application_type: web
        redirect_uris: ['https://web.example/cb']
        post_logout_redirect_uris: ['https://web.example/']
        grant_types: [authorization_code, implicit, refresh_token]
        response_types: [code, 'token id_token']
        scope: email openid b:read
        token_endpoint_auth_method: client_secret_jwt
        token_endpoint_auth_signing_alg: HS256
        jwks_uri: https://web.example/jwks
        subject_type: pairwise
        sector_identifier_uri: https://web.example/sector
        id_token_signed_response_alg: ES256
        id_token_encrypted_response_alg: RSA-OAEP-256
        id_token_encrypted_response_enc: A256GCM
        userinfo_signed_response_alg: ES256
        userinfo_encrypted_response_alg: ECDH-ES
        userinfo_encrypted_response_enc: A256GCM
        request_object_signing_alg: PS256
        request_object_encryption_alg: ECDH-ES
        request_object_encryption_enc: A256GCM
        default_max_age: 0
        require_auth_time: true
        default_acr_values: [a, b]
        initiate_login_uri: https://web.example/login
        request_uris: ['https://web.example/request']
        require_pushed_authorization_requests: true
        require_signed_request_object: true
        dpop_bound_access_tokens: true
        frontchannel_logout_uri: https://web.example/front
        frontchannel_logout_session_required: true
        backchannel_logout_uri: https://web.example/back
        backchannel_logout_session_required: true
        software_id: s
        software_version: '1'
        require_pkce: true
        consent: first_party
        profile: fapi2-security
        introspects: ['https://a.example']
        roles: [reader]
        enabled: false
      - client_id: web 2
        token_endpoint_auth_method: none
        jwks: { keys: [{ kty: EC, crv: P-256, x: a, y: b }] }
        redirect_uris: ['com.example:/cb']
      - { client_id: job, client_secret: a second secret, grant_types: [client_credentials] }
      - { client_id: JOB, client_secret: a third secret, grant_types: [client_credentials] }
    users:
      - username: Zoë
        enabled: false
        name: N
        given_name: G
        family_name: F
        middle_name: M
        nickname: I
        profile: https://p.example
        picture: https://p.example/p
        website: https://p.example/w
        email: z@example.com
        email_verified: true
        gender: f
        birthdate: '2000-01-01'
        zoneinfo: Europe/Paris
        locale: fr
        address: { formatted: a, street_address: b, locality: c, region: d, postal_code: '01234', country: e }
        phone_number: '+33 1'
        phone_number_verified: false
        attributes:
          badge: [1, 2]
          display_name: Z
          honorific_prefix: a
          honorific_suffix: b
          title: c
          user_type: d
          preferred_language: e
          employee_number: f
          cost_center: g
          organization: h
          division: i
          department: j
          manager: k
          emails: [{ value: z@example.com, type: home, display: Z, primary: true }]
          phone_numbers: [{ value: '1', type: home, display: Z, primary: true }]
          ims: [{ value: '1', type: home, display: Z, primary: true }]
          photos: [{ value: '1', type: home, display: Z, primary: true }]
          entitlements: [{ value: '1', type: home, display: Z, primary: true }]
          x509_certificates: [{ value: '1', type: home, display: Z, primary: true }]
          addresses: [{ formatted: a, street_address: b, locality: c, region: d, postal_code: '1', country: e, type: work, primary: false }]
        organisations: [{ name: acme, roles: [admin] }, { name: bare }]
        groups: [staff, all, acme/all]
        roles: [reader]
      - { username: '\${env:DOLLAR:-$}{env:HOME}' }
  - slug: other
    name: Other
    issuer: https://other.example
  - { slug: plain, name: Plain }
`;

const declaredBy = (source: string, environment: Record<string, string> = {}): DeclaredTenant[] => {
  const reading = readSignetFile(source, environment);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return declaredTenants(reading.file, base, keyring);
};

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A directory that has these, an object a page, in an order of its own. */
function directoryOf(tenants: readonly DeclaredTenant[]): Pick<Requester, 'request'> {
  const rows = tenants.map((tenant) => ({ ...tenant, id: newId(tenantId), version: 1 })).reverse();
  const page = ({ slug, from }: z.output<typeof exportDirectoryTenant.request>) => {
    const tenant = tenants.find((each) => each.slug === slug);
    if (!tenant) throw new MeshError('not_found', 'there is no such tenant');
    const { kind, after = '0' } = from ?? { kind: 'resourceServers' as const };
    const kinds = declaredKind.options;
    const objects = [...tenant[kind]]
      .reverse()
      .map((each) =>
        'secretHashes' in each
          ? { ...each, secretHashes: undefined, sealedSecrets: undefined, secrets: each.secretHashes.length }
          : each,
      );
    const at = Number(after);
    const following = kinds[kinds.indexOf(kind) + 1];
    const members = Object.fromEntries(Object.entries(tenant).filter(([name]) => !kinds.some((each) => each === name)));
    return {
      tenant: members,
      objects: { [kind]: objects.slice(at, at + 1) },
      beyond: kind === 'clients' && after === '0' ? 3 : 0,
      ...(at + 1 < objects.length
        ? { next: { kind, after: String(at + 1) } }
        : following && { next: { kind: following } }),
    };
  };
  const request = (contract: { subject: string; response: z.ZodType }, input: never) =>
    Promise.resolve(
      contract.response.parse(asJson(contract.subject === listTenants.subject ? { tenants: rows } : page(input))),
    );
  return { request } as unknown as Pick<Requester, 'request'>;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** `tenants.clients.scope`: by name, through lists. */
const membersOf = ({ properties, items }: Schema): string[] =>
  items
    ? membersOf(items)
    : Object.entries(properties ?? {}).flatMap(([name, each]) => {
        const inner = membersOf(each);
        return inner.length > 0 ? inner.map((path) => `${name}.${path}`) : [name];
      });

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return [value];
  const members = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.hasOwn(members, name) ? valuesAt(members[name], rest) : [];
}

describe('signet export', () => {
  const declared = declaredBy(everything);
  const secrets = {
    SIGNET_DEFAULT_WEB_SECRET: 'a secret of thirty-two characters',
    SIGNET_DEFAULT_JOB_SECRET: 'a third secret',
    SIGNET_DEFAULT_JOB_2_SECRET: 'a second secret',
  };
  let yaml: string;
  beforeAll(async () => {
    const directory = directoryOf(declared);
    yaml = await exported(await allSlugs(directory), base, directory);
  });

  it('writes what declares the same, every member of every kind, with secrets by reference', () => {
    const sorted = (tenants: readonly DeclaredTenant[]) =>
      tenants.map((tenant) => ({
        ...tenant,
        ...Object.fromEntries(
          declaredKind.options.map((kind) => [
            kind,
            // Each sealing is another text.
            [...tenant[kind]].map((each) => JSON.stringify({ ...each, sealedSecrets: undefined })).sort(),
          ]),
        ),
      }));
    expect(sorted(declaredBy(yaml, secrets))).toEqual(sorted(declared));
    for (const secret of Object.values(secrets)) expect(yaml).not.toContain(secret);
  });

  it('has been tried with every member that a file may have', () => {
    const schema = JSON.parse(signetFileSchema()) as Schema;
    const told: unknown = parse(everything);
    const missing = membersOf(schema).filter((path) => !valuesAt(told, path.split('.')).length);
    expect(missing).toEqual(['tenants.users.password']);
  });

  it('leaves out what goes without saying, and is the same for the same', async () => {
    const plain = yaml.slice(yaml.indexOf('- slug: plain'));
    expect(plain).toMatch(/^- slug: plain\n\s+name: Plain\n/);
    expect(plain).not.toMatch(/enabled|policies|scopes/);
    expect(yaml).toContain('- username: ${env:DOLLAR:-$}{env:HOME}\n');
    const again = directoryOf(declared.map((tenant) => ({ ...tenant, users: [...tenant.users].reverse() })));
    expect(await exported(await allSlugs(again), base, again)).toBe(yaml);
  });

  it('says what it cannot write', () => {
    expect(yaml).toContain('# 3 clients that registered themselves are not here.');
    expect(yaml).toMatch(/^# What the directory has/);
  });

  it('is of one tenant where that is asked for', async () => {
    const one = declaredBy(await exported(['other'], base, directoryOf(declared)));
    expect(one.map(({ slug, issuer }) => [slug, issuer])).toEqual([['other', 'https://other.example']]);
  });
});
