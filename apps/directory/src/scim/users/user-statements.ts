import {
  accountAttributes,
  accountClaims,
  accountId,
  accountStatus,
  type AccountId,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import { z } from 'zod';
import type { Person } from '../mapping/user-mapping.js';
import type { MetaOf } from '../scim-resource.js';

export interface UserKey {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
}

/** An account as SCIM reads it. */
export interface StoredUser extends Person, MetaOf {
  readonly id: AccountId;
  readonly groups: readonly { readonly id: string; readonly displayName: string }[];
  readonly roles: readonly string[];
}

/** SQL: RFC 3339, UTC, in milliseconds. */
export const timeText = (timestamptz: string): string =>
  `to_char(${timestamptz} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const members = `'id', account.id, 'externalId', account.external_id, 'username', account.username, 'status', account.status,
  'claims', account.claims, 'attributes', account.attributes, 'version', account.version,
  'createdAt', ${timeText('account.created_at')}, 'updatedAt', ${timeText('account.updated_at')}`;

const mostGroups = 1_000;

const groups = `coalesce((
  select jsonb_agg(jsonb_build_object('id', held.id, 'displayName', held.display_name)) from (
    select held.id, held.display_name from membership join "group" held
      on held.tenant_id = membership.tenant_id and held.id = membership.group_id and held.organisation_id is null
    where membership.tenant_id = account.tenant_id and membership.account_id = account.id
    order by held.id limit ${mostGroups}) held), '[]')`;

const roles = `coalesce((
  select jsonb_agg(role.name order by role.name collate "C") from account_role
    join role on role.tenant_id = account_role.tenant_id and role.id = account_role.role_id
  where account_role.tenant_id = account.tenant_id and account_role.account_id = account.id
    and account_role.organisation_id is null), '[]')`;

/** SQL: the account as JSON. */
export const userJson = `jsonb_build_object(${members}, 'groups', ${groups}, 'roles', ${roles})`;
const userJsonAlone = `jsonb_build_object(${members}, 'groups', '[]'::jsonb, 'roles', '[]'::jsonb)`;

export const userSchema = z
  .object({
    id: accountId,
    externalId: z.string().nullable(),
    username: z.string(),
    status: accountStatus,
    claims: accountClaims,
    attributes: accountAttributes,
    version: z.int().positive(),
    createdAt: z.string(),
    updatedAt: z.string(),
    groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
    roles: z.array(z.string()),
  })
  .transform(({ status, ...user }): StoredUser => ({ ...user, active: status === 'active' }));

const row = z.object({ user: userSchema });

export const findUser = statement<UserKey, { user: StoredUser }>({
  name: 'directory.scim-user.find',
  text: `select ${userJson} as user from account where tenant_id = $1 and id = $2 and deleted_at is null`,
  parameters: (p) => [p.tenantId, p.accountId],
  row,
});

/** The account as it is while its row is locked. */
export const lockUser = statement<UserKey, { user: StoredUser }>({
  name: 'directory.scim-user.lock',
  text: `select ${userJson} as user from account where tenant_id = $1 and id = $2 and deleted_at is null for no key update`,
  parameters: (p) => [p.tenantId, p.accountId],
  row,
});

interface Written {
  readonly tenantId: TenantId;
  readonly id: AccountId;
  readonly person: Person;
  readonly identifierKey: string;
}

const values = ({ tenantId, id, person, identifierKey }: Written): unknown[] => [
  tenantId,
  id,
  person.username,
  person.active ? 'active' : 'disabled',
  person.externalId,
  JSON.stringify(person.claims),
  JSON.stringify(person.attributes),
  identifierKey,
];

/**
 * The account with its identifier and the event of its creation, at once: nothing is taken away by it, so nothing more is to be
 * done. A name or an externalId that another has is Conflict.
 */
export const insertUser = statement<Written & { sub: string; event: RecordedEvent }, { user: StoredUser }>({
  name: 'directory.scim-user.insert',
  text: `with account as (
      insert into account (tenant_id, id, username, status, external_id, claims, attributes, sub, version)
      values ($1, $2, $3, $4, $5, $6, $7, $9, 1) returning *
    ), named as (
      insert into account_identifier (tenant_id, identifier_key, account_id, kind, displayed)
      select tenant_id, $8, id, 'username', username from account)
    select ${userJsonAlone} as user, record_event($10::jsonb, 1) from account`,
  parameters: (p) => [...values(p), p.sub, eventParameter(p.event)],
  row,
  records: true,
});

/** The name by which it was known before goes with it, and is free. */
export const updateUser = statement<Written & { version: number }, { updatedAt: string }>({
  name: 'directory.scim-user.update',
  text: `with changed as (
      update account set username = $3, status = $4, external_id = $5, claims = $6, attributes = $7, version = $9
      where tenant_id = $1 and id = $2 returning tenant_id, id, username, updated_at
    ), named as (
      update account_identifier identifier set identifier_key = $8, displayed = changed.username from changed
      where identifier.tenant_id = changed.tenant_id and identifier.account_id = changed.id and identifier.kind = 'username'
        and (identifier.identifier_key <> $8 or identifier.displayed <> changed.username))
    select ${timeText('updated_at')} as "updatedAt" from changed`,
  parameters: (p) => [...values(p), p.version],
  row: z.object({ updatedAt: z.string() }),
});
