import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import pg from 'pg';
import { readWhole, suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { directoryService } from '../src/index.js';
import { managedKinds, type ManagedKind } from '../src/management/managed-kinds.js';
import { listGroupMembers, listOrganisationMembers } from '../src/management/member-statements.js';
import { listObjects } from '../src/management/object-statements.js';
import { listResources, type Listed } from '../src/scim/lists/list-resources.js';
import { readListQuery } from '../src/scim/lists/list-query.js';
import { groupList } from '../src/scim/groups/group-list.js';
import { groupType, userTypeOf } from '../src/scim/schema/tenant-schema.js';
import { userList } from '../src/scim/users/user-list.js';

const tenants = Array.from({ length: 20 }, () => newId(tenantId));
const [tenant = newId(tenantId)] = tenants;
const uuid = '018f4e7c-2a10-7b3c-9d55-6f0e1a2b3c4d';

let suite: SuiteDatabase;
let client: pg.Client;

/** Enough of everything that Postgres would rather not read it all; straight into the tables, since nothing but plans is looked at. */
beforeAll(async () => {
  suite = await suiteDatabase({ services: { directory: directoryService.migrations } });
  await suite.query(`set session_replication_role = replica;
    set search_path = directory;
    insert into tenant (id, slug, issuer, name, enabled, policies, branding, version)
      select id, 't' || id, 'https://id.example/t/' || id, 't', true, '{}', '{}', 1 from unnest(array['${tenants.join("', '")}']::uuid[]) id;
    create temporary table number as select n, tenant.id as tenant_id, uuid_v7() as id from tenant, generate_series(1, 500) n;
    insert into account (tenant_id, id, sub, status, username, claims, version)
      select tenant_id, id, id, case when n % 50 = 0 then 'disabled' else 'active' end, 'user' || n,
        jsonb_build_object('email', 'user' || n || '@example.com'), 1 from number;
    insert into account_identifier (tenant_id, identifier_key, account_id, kind, displayed)
      select tenant_id, 'user' || n, id, 'username', 'user' || n from number;
    insert into resource_server (tenant_id, id, identifier, name, access_token_signing_alg, version)
      select tenant_id, id, 'https://rs' || n || '.example', 'rs', 'ES256', 1 from number;
    insert into scope (tenant_id, id, name, description, resource_server, version)
      select tenant_id, id, 'scope' || n, '', 'https://rs' || n || '.example', 1 from number;
    insert into role (tenant_id, id, name, description, version) select tenant_id, id, 'role' || n, '', 1 from number;
    insert into organisation (tenant_id, id, name, display_name, enabled, version)
      select tenant_id, id, 'org' || n, 'o', true, 1 from number;
    insert into "group" (tenant_id, id, organisation_id, name, display_name, version)
      select tenant_id, id, case when n % 2 = 0 then id end, 'group' || n, 'Group ' || n, 1 from number;
    insert into organisation_member (tenant_id, organisation_id, account_id) select tenant_id, id, id from number;
    insert into membership (tenant_id, group_id, account_id) select tenant_id, id, id from number;
    insert into client (tenant_id, client_id, enabled, name, redirect_uris, post_logout_redirect_uris, grant_types, response_types,
        token_endpoint_auth_method, require_pkce, scopes, id_token_signed_response_alg, consent, profile, require_auth_time, introspects, version)
      select tenant_id, 'client' || n, true, 'c', '{}', '{}', '{}', '{}', 'none', true, '{}', 'ES256', 'explicit', 'oidc', false, '{}', 1 from number;
    insert into permission (tenant_id, resource_server_id, name, description) select tenant_id, id, 'read', '' from number;
    insert into role_permission (tenant_id, role_id, resource_server_id, name) select tenant_id, id, id, 'read' from number;
    insert into organisation_role (tenant_id, organisation_id, role_id) select tenant_id, id, id from number;
    insert into group_role (tenant_id, group_id, role_id) select tenant_id, id, id from number;
    insert into group_group (tenant_id, parent_id, child_id)
      select parent.tenant_id, parent.id, child.id from number parent join number child on child.tenant_id = parent.tenant_id and child.n = parent.n + 1;
    insert into account_role (tenant_id, account_id, role_id) select tenant_id, id, id from number;
    insert into client_role (tenant_id, client_id, role_id) select tenant_id, 'client' || n, id from number;
    insert into client_secret (tenant_id, client_id, hash) select tenant_id, 'client' || n, sha256(id::text::bytea) from number`);
  await suite.query('vacuum analyze');
  client = new pg.Client({ connectionString: suite.serviceUrl('directory'), options: '-c search_path=directory' });
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client.end();
  await suite.drop();
});

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Rows that may be read for nothing: fewer than a tenant has. */
const mostRemoved = 250;

/** A value for each condition of the Management API's lists. */
const values: Readonly<Record<string, unknown>> = {
  ...{ slug: 't1', identifier: 'https://rs7.example', name: 'role7', resource_server: 'https://rs7.example' },
  ...{ reach: [uuid], organisation: uuid, of_tenant: true, group: uuid },
  ...{ username: 'user7', email: 'user7@example.com', enabled: false },
};

describe('no list of the Management API reads a table whole', () => {
  const lists = Object.entries(managedKinds).flatMap(([kind, { conditions }]) =>
    [undefined, ...Object.keys(conditions)].map((name) => [kind as ManagedKind, name] as const),
  );

  it.each(lists)('%s by %s', async (kind, name) => {
    const conditions = name === undefined ? {} : { [name]: values[name] };
    if (name !== undefined) expect(values).toHaveProperty(name);
    const list = listObjects(kind, conditions);
    const sent = {
      text: list.text,
      values: list.parameters({ tenantId: tenant, conditions, after: undefined, limit: 51 }),
    };
    // A tenant's own page is few rows of a table that is small for good.
    const small = kind === 'tenants' ? ['tenant'] : [];
    expect((await readWhole(client, sent, mostRemoved)).filter((table) => !small.includes(table))).toEqual([]);
  });

  const page = { tenantId: tenant, after: undefined, limit: 51 };
  it.each([
    ['of a group', listGroupMembers.text, listGroupMembers.parameters({ ...page, groupId: uuid as never })],
    [
      'of an organisation',
      listOrganisationMembers.text,
      listOrganisationMembers.parameters({ ...page, organisationId: uuid as never }),
    ],
  ])('members %s', async (_of, text, parameters) => {
    expect(await readWhole(client, { text, values: parameters }, mostRemoved)).toEqual([]);
  });
});

describe('no list of SCIM reads a table whole', () => {
  async function sentBy<T>(listed: Listed<T>, query: Parameters<typeof readListQuery>): Promise<Sent> {
    let sent: Sent | undefined;
    const database = {
      execute: (statement: { text: string; parameters: (p: never) => readonly unknown[] }) => {
        sent = { text: statement.text, values: statement.parameters(undefined as never) };
        return Promise.resolve([]);
      },
    };
    await listResources(database as never, listed, tenant, readListQuery(...query));
    if (!sent) throw new Error('nothing was asked');
    return sent;
  }

  it.each([
    [undefined],
    ['userName eq "user7"'],
    ['userName sw "user7"'],
    ['externalId eq "7"'],
    ['emails.value eq "user7@example.com"'],
    [`id eq "acc_${uuid.replaceAll('-', '')}"`],
    ['active eq false'],
    ['userName eq "user7" and active eq true'],
    ['userName eq "user7" or externalId eq "7"'],
    ['meta.lastModified gt "2999-01-01T00:00:00Z"'],
  ])('users where %s', async (filter) => {
    expect(await readWhole(client, await sentBy(userList, [userTypeOf([]), { filter }]), mostRemoved)).toEqual([]);
  });

  it.each([['userName'], ['meta.lastModified'], ['meta.created']])('users by %s', async (sortBy) => {
    expect(
      await readWhole(client, await sentBy(userList, [userTypeOf([]), { sortBy, count: 10 }]), mostRemoved),
    ).toEqual([]);
  });

  it.each([[undefined], ['displayName eq "Group 7"'], [`members.value eq "acc_${uuid.replaceAll('-', '')}"`]])(
    'groups where %s',
    async (filter) => {
      expect(await readWhole(client, await sentBy(groupList, [groupType, { filter }]), mostRemoved)).toEqual([]);
    },
  );
});
