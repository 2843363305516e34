import { isDeepStrictEqual } from 'node:util';
import { accountId, identifierKey, newId, readId, type AccountId, type TenantId } from '@signet/contracts';
import { randomText, systemRandom } from '@signet/keys';
import { Conflict, type Database, type Transaction } from '@signet/persistence';
import { covers } from '@signet/service';
import { accountAuthority } from '../../authority/authority-statements.js';
import { difference } from '../../changes/difference.js';
import type { DirectoryChanges } from '../../changes/directory-changes.js';
import { attributeFaults } from '../../accounts/attribute-faults.js';
import { personalMembers, viewOfAccount } from '../../accounts/account-view.js';
import { deleteAccount } from '../../accounts/lifecycle/account-lifecycle.js';
import { subLength } from '../../accounts/new-account.js';
import type { ListQuery } from '../lists/list-query.js';
import { listResources } from '../lists/list-resources.js';
import { listResponse, projected } from '../lists/list-response.js';
import { personOf, resourceOf, type Person } from '../mapping/user-mapping.js';
import { applyPatch } from '../patch/apply-patch.js';
import { readPatch } from '../patch/read-patch.js';
import type { Asked, ScimContext } from '../scim-context.js';
import { invalid, notFound, ScimError, stale, taken } from '../scim-error.js';
import type { Found } from '../scim-resource.js';
import { readResource } from '../schema/read-resource.js';
import type { Resource } from '../schema/resource-type.js';
import { userList } from './user-list.js';
import { findUser, insertUser, lockUser, updateUser, type StoredUser } from './user-statements.js';
import { userView } from './user-view.js';

export interface ScimUsersDependencies {
  readonly database: Pick<Database, 'execute' | 'first'>;
  readonly changes: DirectoryChanges;
}

/** Accounts as SCIM's Users. Each method throws ScimError for what cannot be done. */
export class ScimUsers {
  constructor(private readonly on: ScimUsersDependencies) {}

  async find({ tenant, base, userType }: ScimContext, shownId: string): Promise<Found> {
    const found = await this.on.database.first(findUser, { tenantId: tenant.id, accountId: idOf(shownId) });
    if (!found) throw notFound();
    return userView(userType, base, found.user);
  }

  async list({ tenant, base, userType }: ScimContext, query: ListQuery): Promise<Resource> {
    const { total, found } = await listResources(this.on.database, userList, tenant.id, query);
    const resources = found.map((user) => userView(userType, base, user).resource);
    return listResponse(total, query.startIndex, projected(userType, resources, query.projection));
  }

  async create(context: ScimContext, body: unknown): Promise<Found> {
    const { tenant, base, userType, events } = context;
    const person = personIn(context, readResource(userType, body), undefined);
    const id = newId(accountId);
    const subject = { kind: 'account', tenantId: tenant.id, id } as const;
    const view = viewOf(person);
    const written = { tenantId: tenant.id, id, person, identifierKey: keyOf(person) };
    const event = this.on.changes.creation(events, subject, view, concealed(view));
    const sub = randomText(systemRandom, subLength);
    const made = await this.on.database.first(insertUser, { ...written, sub, event }).catch(refuseTaken);
    if (!made) throw new TypeError('An insert gives its row.');
    return userView(userType, base, made.user);
  }

  /** PUT: what the body does not name is taken away (RFC 7644 section 3.5.1). */
  replace(context: ScimContext, shownId: string, body: unknown, asked: Asked): Promise<Found> {
    const resource = readResource(context.userType, body);
    return this.#change(context, shownId, asked, () => resource);
  }

  patch(context: ScimContext, shownId: string, body: unknown, asked: Asked): Promise<Found> {
    const { userType } = context;
    const operations = readPatch(userType, body);
    return this.#change(context, shownId, asked, (before) => {
      const patched = applyPatch(resourceOf(before), operations);
      return readResource(userType, { ...patched, schemas: [userType.schema.id] });
    });
  }

  async remove({ tenant, events }: ScimContext, shownId: string, { ifMatch }: Asked): Promise<void> {
    const key = { tenantId: tenant.id, accountId: idOf(shownId) };
    await this.on.changes.run({ tenantId: tenant.id, context: events }, async (change) => {
      const found = await change.tx.first(lockUser, key);
      if (!found) throw notFound();
      if (ifMatch && !ifMatch(found.user.version)) throw stale();
      await deleteAccount(change, key);
    });
  }

  async #change(
    context: ScimContext,
    shownId: string,
    { ifMatch }: Asked,
    wanted: (before: Person) => Resource,
  ): Promise<Found> {
    const { tenant, base, userType, events } = context;
    const key = { tenantId: tenant.id, accountId: idOf(shownId) };
    const changed = await this.on.changes
      .run({ tenantId: tenant.id, context: events }, async ({ tx, log }): Promise<StoredUser> => {
        const found = await tx.first(lockUser, key);
        if (!found) throw notFound();
        const { user } = found;
        if (ifMatch && !ifMatch(user.version)) throw stale();
        const person = personIn(context, wanted(user), user);
        const [before, after] = [viewOf(user), viewOf(person)];
        const change = difference(before, after, concealed(before, after));
        if (!change) return user;
        if (!endsAlone(user, person)) await ensureCovers(tx, key, context);
        const subject = { kind: 'account', tenantId: tenant.id, id: user.id } as const;
        const version = log.updated(subject, user.version, change, user.active && !person.active);
        const written = { tenantId: tenant.id, id: user.id, person, identifierKey: keyOf(person), version };
        const updated = await tx.first(updateUser, written);
        return { ...user, ...person, version, updatedAt: updated?.updatedAt ?? user.updatedAt };
      })
      .catch(refuseTaken);
    return userView(userType, base, changed);
  }
}

export function idOf(shown: string): AccountId {
  const read = accountId.safeParse(readId('acc', shown));
  if (!read.success) throw notFound();
  return read.data;
}

/** A deactivation takes what somebody holds, and gives nothing: whoever provisions may end anybody. */
const endsAlone = (before: Person, after: Person): boolean =>
  before.active && !after.active && isDeepStrictEqual({ ...resourceOf(before), active: false }, resourceOf(after));

/** Whoever changes somebody who administers, disabled or not, could act as them by it: it takes all that they hold. */
async function ensureCovers(
  tx: Pick<Transaction, 'execute'>,
  key: { readonly tenantId: TenantId; readonly accountId: AccountId },
  { held }: Pick<ScimContext, 'held'>,
): Promise<void> {
  if (covers({ held }, await tx.execute(accountAuthority.ever, key))) return;
  throw new ScimError(
    403,
    undefined,
    'The account administers more than you may: it can be deactivated and deleted alone',
  );
}

/** The account that the resource is, with attributes that the tenant has. Those that stay as they were are not judged again. */
function personIn({ definitions }: ScimContext, resource: Resource, before: Person | undefined): Person {
  const person = personOf(resource, before);
  if (before && isDeepStrictEqual(before.attributes, person.attributes)) return person;
  const [fault] = attributeFaults(definitions, person.attributes);
  if (fault) throw invalid('invalidValue', `${fault.path.slice(1).join('.')} ${fault.message}`);
  return person;
}

function keyOf({ username }: Person): string {
  const key = identifierKey(username);
  if (key === '') throw invalid('invalidValue', 'userName shows nothing');
  return key;
}

/** What is given to the account is changed elsewhere. */
const viewOf = (person: Person) => ({
  ...viewOfAccount({
    ...{ username: person.username, status: person.active ? 'active' : 'disabled' },
    ...{ claims: person.claims, attributes: person.attributes, groups: [], roles: [], organisations: [] },
  }),
  ...(person.externalId !== null && { externalId: person.externalId }),
});

const concealed = (...views: ReturnType<typeof viewOf>[]): string[] => [...personalMembers(...views), 'externalId'];

const uniqueAttributes: Readonly<Record<string, string>> = {
  account_identifier_pkey: 'userName',
  account_external_id: 'externalId',
};

function refuseTaken(error: unknown): never {
  const name = error instanceof Conflict ? uniqueAttributes[error.constraint] : undefined;
  if (name === undefined) throw error;
  throw taken(`Another account has this ${name}, or had it before it was deleted`);
}
