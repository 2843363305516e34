import type { TenantId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';
import type { MetaOf } from '../scim-resource.js';
import { timeText } from '../users/user-statements.js';

export interface GroupKey {
  readonly tenantId: TenantId;
  readonly groupId: string;
}

export interface Member {
  readonly id: string;
  readonly type: 'User' | 'Group';
  readonly display: string;
}

export interface StoredGroup extends MetaOf {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly displayName: string;
  /** As many as were asked for. */
  readonly members: readonly Member[];
}

const group = z.object({
  id: z.string(),
  externalId: z.string().nullable(),
  name: z.string(),
  displayName: z.string(),
  version: z.int().positive(),
  createdAt: z.string(),
  updatedAt: z.string(),
  members: z.array(z.object({ id: z.string(), type: z.enum(['User', 'Group']), display: z.string() })),
});
export const groupRow = group satisfies z.ZodType<StoredGroup>;

/** SQL: up to `most` members, accounts first. */
const membersUpTo = (most: string): string => `coalesce((
  select jsonb_agg(jsonb_build_object('id', id, 'type', type, 'display', display)) from (
    (select account.id, 'User' as type, coalesce(account.claims ->> 'name', account.username) as display
      from membership join account on account.tenant_id = membership.tenant_id and account.id = membership.account_id and account.deleted_at is null
      where membership.tenant_id = "group".tenant_id and membership.group_id = "group".id
      order by membership.account_id limit ${most})
    union all
    (select child.id, 'Group', child.display_name
      from group_group join "group" child on child.tenant_id = group_group.tenant_id and child.id = group_group.child_id
      where group_group.tenant_id = "group".tenant_id and group_group.parent_id = "group".id
      order by group_group.child_id limit ${most})
    limit ${most}) listed), '[]')`;

/** SQL: the group as JSON, with up to `most` members. */
export const groupJson = (most: string): string => `jsonb_build_object(
  'id', "group".id, 'externalId', "group".external_id, 'name', "group".name, 'displayName', "group".display_name,
  'version', "group".version, 'createdAt', ${timeText('"group".created_at')}, 'updatedAt', ${timeText('"group".updated_at')},
  'members', ${membersUpTo(most)})`;

const row = z.object({ group });
const isTenants = 'organisation_id is null';

export const findGroup = statement<GroupKey & { most: number }, { group: StoredGroup }>({
  name: 'directory.scim-group.find',
  text: `select ${groupJson('$3::int')} as group from "group" where tenant_id = $1 and id = $2 and ${isTenants}`,
  parameters: (p) => [p.tenantId, p.groupId, p.most],
  row,
});

/** The group, without members, as it is while its row is locked. */
export const lockGroup = statement<GroupKey, { group: StoredGroup }>({
  name: 'directory.scim-group.lock',
  text: `select ${groupJson('0')} as group from "group" where tenant_id = $1 and id = $2 and ${isTenants} for no key update`,
  parameters: (p) => [p.tenantId, p.groupId],
  row,
});

/** Which of these names are taken, of those that begin like it; and whether people are shown this name already. */
export const findNames = statement<
  { tenantId: TenantId; name: string; displayName: string; except: string | null },
  { isNamed: boolean; isShown: boolean }
>({
  name: 'directory.scim-group.find-names',
  text: `select exists (select from "group" where tenant_id = $1 and name = $2 and ${isTenants}) as "isNamed",
    exists (select from "group" where tenant_id = $1 and lower(display_name) = lower($3) and ${isTenants}
      and id is distinct from $4::uuid) as "isShown"`,
  parameters: (p) => [p.tenantId, p.name, p.displayName, p.except],
  row: z.object({ isNamed: z.boolean(), isShown: z.boolean() }),
});

export const insertGroup = statement<
  GroupKey & { name: string; displayName: string; externalId: string | null },
  { group: StoredGroup }
>({
  name: 'directory.scim-group.insert',
  text: `with "group" as (
      insert into "group" (tenant_id, id, name, display_name, external_id, version) values ($1, $2, $3, $4, $5, 1) returning *)
    select ${groupJson('0')} as group from "group"`,
  parameters: (p) => [p.tenantId, p.groupId, p.name, p.displayName, p.externalId],
  row,
});

export const updateGroup = statement<
  GroupKey & { displayName: string; externalId: string | null; version: number },
  { updatedAt: string }
>({
  name: 'directory.scim-group.update',
  text: `update "group" set display_name = $3, external_id = $4, version = $5 where tenant_id = $1 and id = $2
    returning ${timeText('updated_at')} as "updatedAt"`,
  parameters: (p) => [p.tenantId, p.groupId, p.displayName, p.externalId, p.version],
  row: z.object({ updatedAt: z.string() }),
});

/** Its members, roles and places in other groups go with it. */
export const deleteGroup = statement<GroupKey, unknown>({
  name: 'directory.scim-group.delete',
  text: 'delete from "group" where tenant_id = $1 and id = $2',
  parameters: (p) => [p.tenantId, p.groupId],
  row: ignoredRow,
});
