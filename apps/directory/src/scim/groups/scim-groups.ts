import { groupId, newId, readId, showId } from '@signet/contracts';
import { Conflict, type Database, type Transaction } from '@signet/persistence';
import type { ChangeLog } from '../../changes/change-log.js';
import { difference, type Difference } from '../../changes/difference.js';
import type { DirectoryChanges } from '../../changes/directory-changes.js';
import type { ListQuery } from '../lists/list-query.js';
import { listResources } from '../lists/list-resources.js';
import { listResponse, projected } from '../lists/list-response.js';
import { applyPatch } from '../patch/apply-patch.js';
import { readPatch } from '../patch/read-patch.js';
import type { Asked, ScimContext } from '../scim-context.js';
import { notFound, stale, taken } from '../scim-error.js';
import type { Found } from '../scim-resource.js';
import { includes } from '../schema/projection.js';
import { readResource } from '../schema/read-resource.js';
import type { Resource } from '../schema/resource-type.js';
import { groupType } from '../schema/tenant-schema.js';
import { assertFew, changeMembers, type MembersChanged } from './change-members.js';
import { groupList, groupListWithoutMembers } from './group-list.js';
import { groupNameOf } from './group-name.js';
import {
  deleteGroup,
  findGroup,
  findNames,
  insertGroup,
  lockGroup,
  updateGroup,
  type GroupKey,
  type StoredGroup,
} from './group-statements.js';
import { groupView } from './group-view.js';
import { changesNothing, memberChange, membersOf, type MemberChange } from './member-change.js';

/** Members that are told of one group. */
export const mostShown = 1_000;

export interface ScimGroupsDependencies {
  readonly database: Pick<Database, 'execute' | 'first'>;
  readonly changes: DirectoryChanges;
}

interface Wanted {
  readonly resource: Resource;
  readonly members: MemberChange;
}

/** The tenant's own groups as SCIM's Groups; those of its organisations are not among them. Each method throws ScimError. */
export class ScimGroups {
  constructor(private readonly on: ScimGroupsDependencies) {}

  async find(
    { tenant, base }: ScimContext,
    shownId: string,
    { projection }: Pick<Asked, 'projection'>,
  ): Promise<Found> {
    const most = includes(projection, 'members') ? mostShown : 0;
    const found = await this.on.database.first(findGroup, { tenantId: tenant.id, groupId: idOf(shownId), most });
    if (!found) throw notFound();
    return groupView(base, found.group);
  }

  async list({ tenant, base }: ScimContext, query: ListQuery): Promise<Resource> {
    const listed = includes(query.projection, 'members') ? groupList : groupListWithoutMembers;
    const { total, found } = await listResources(this.on.database, listed, tenant.id, query);
    const resources = found.map((group) => groupView(base, group).resource);
    return listResponse(total, query.startIndex, projected(groupType, resources, query.projection));
  }

  async create(context: ScimContext, body: unknown, asked: Asked): Promise<Found> {
    const resource = readResource(groupType, body);
    const members = membersOf(resource);
    const key = { tenantId: context.tenant.id, groupId: newId(groupId) };
    const made = await this.#run(context, async (tx, log) => {
      const row = await tx.first(insertGroup, { ...key, ...(await namesOf(tx, key, resource)) });
      if (!row) throw new TypeError('An insert gives its row.');
      if (members.added.size === 0) {
        log.created(subjectOf(key), viewOf(row.group), concealed);
        return row.group;
      }
      const { added } = await changeMembers(tx, key, { ...members, replaces: false }, context);
      log.created(subjectOf(key), { ...viewOf(row.group), members: added }, concealed);
      log.authorityChanged(key.tenantId);
      return row.group;
    });
    return members.added.size > 0
      ? this.find(context, showId('grp', key.groupId), asked)
      : groupView(context.base, made);
  }

  /** PUT: whoever the body does not name leaves. */
  async replace(context: ScimContext, shownId: string, body: unknown, asked: Asked): Promise<Found> {
    const resource = readResource(groupType, body);
    await this.#change(context, shownId, asked, () => ({ resource, members: membersOf(resource) }));
    return this.find(context, shownId, asked);
  }

  /** What it was made is not read back: the answer to a change of members is none. */
  async patch(context: ScimContext, shownId: string, body: unknown, asked: Asked): Promise<number> {
    const operations = readPatch(groupType, body);
    const isOfMembers = ({ target }: (typeof operations)[number]) => target.attribute.name === 'members';
    const members = memberChange(operations.filter(isOfMembers));
    const others = operations.filter((operation) => !isOfMembers(operation));
    return this.#change(context, shownId, asked, (group) => {
      const patched = applyPatch(resourceOf(group), others);
      return { resource: readResource(groupType, { ...patched, schemas: [groupType.schema.id] }), members };
    });
  }

  async remove(context: ScimContext, shownId: string, { ifMatch }: Asked): Promise<void> {
    const key = { tenantId: context.tenant.id, groupId: idOf(shownId) };
    await this.#run(context, async (tx, log) => {
      const group = await locked(tx, key, ifMatch);
      await assertFew(tx, key);
      await tx.execute(deleteGroup, key);
      log.deleted(subjectOf(key), group.version, viewOf(group), concealed);
      log.authorityChanged(key.tenantId);
    });
  }

  /** Gives the version that the group has now. */
  #change(
    context: ScimContext,
    shownId: string,
    { ifMatch }: Asked,
    wanted: (group: StoredGroup) => Wanted,
  ): Promise<number> {
    const key = { tenantId: context.tenant.id, groupId: idOf(shownId) };
    return this.#run(context, async (tx, log) => {
      const group = await locked(tx, key, ifMatch);
      const { resource, members } = wanted(group);
      const changed = changesNothing(members) ? undefined : await changeMembers(tx, key, members, context);
      const after = { ...group, ...attributesOf(resource) };
      if (after.displayName !== group.displayName) await assertNotShown(tx, key, after.displayName);
      const change = told(difference(viewOf(group), viewOf(after), concealed), changed);
      if (!change) return group.version;
      const version = log.updated(subjectOf(key), group.version, change, false);
      if (change.changed.includes('members')) log.authorityChanged(key.tenantId);
      const { displayName, externalId } = after;
      await tx.execute(updateGroup, { ...key, displayName, externalId, version });
      return version;
    });
  }

  #run<T>({ tenant, events }: ScimContext, work: (tx: Transaction, log: ChangeLog) => Promise<T>): Promise<T> {
    return this.on.changes
      .run({ tenantId: tenant.id, context: events }, ({ tx, log }) => work(tx, log))
      .catch(refuseTaken);
  }
}

function idOf(shown: string): string {
  const id = readId('grp', shown);
  if (id === undefined) throw notFound();
  return id;
}

const subjectOf = ({ tenantId, groupId }: GroupKey) => ({ kind: 'group', tenantId, id: groupId }) as const;

async function locked(tx: Transaction, key: GroupKey, ifMatch: Asked['ifMatch']): Promise<StoredGroup> {
  const found = await tx.first(lockGroup, key);
  if (!found) throw notFound();
  if (ifMatch && !ifMatch(found.group.version)) throw stale();
  return found.group;
}

const attributesOf = (resource: Resource) => ({
  displayName: resource['displayName'] as string,
  externalId: (resource['externalId'] as string | undefined) ?? null,
});

const resourceOf = ({ displayName, externalId }: StoredGroup): Resource => ({
  displayName,
  ...(externalId !== null && { externalId }),
});

/** As an event tells of it. */
const viewOf = ({ name, displayName, externalId }: StoredGroup) => ({
  ...{ name, displayName },
  ...(externalId !== null && { externalId }),
});
const concealed = ['externalId'];

/** Who left and who came, of the members; the others are as they were. */
function told(change: Difference | undefined, members: MembersChanged | undefined): Difference | undefined {
  if (!members || members.added.length + members.removed.length === 0) return change;
  const delta = difference({ members: members.removed }, { members: members.added });
  return {
    changed: [...(change?.changed ?? []), 'members'],
    before: { ...change?.before, ...delta?.before },
    after: { ...change?.after, ...delta?.after },
  };
}

async function namesOf(tx: Transaction, key: GroupKey, resource: Resource) {
  const attributes = attributesOf(resource);
  const name = groupNameOf(attributes.displayName);
  const { isNamed } = await assertNotShown(tx, key, attributes.displayName, name);
  // Random enough: the last digits of a UUIDv7.
  return { ...attributes, name: isNamed ? `${name}-${key.groupId.slice(-8)}` : name };
}

async function assertNotShown(tx: Transaction, { tenantId, groupId }: GroupKey, displayName: string, name = '') {
  const found = await tx.first(findNames, { tenantId, name, displayName, except: groupId });
  if (found?.isShown) throw taken('Another group has this displayName');
  return { isNamed: found?.isNamed ?? false };
}

const uniqueAttributes: Readonly<Record<string, string>> = {
  group_name: 'displayName',
  group_external_id: 'externalId',
};

function refuseTaken(error: unknown): never {
  const name = error instanceof Conflict ? uniqueAttributes[error.constraint] : undefined;
  if (name === undefined) throw error;
  throw taken(`Another group has this ${name}`);
}
