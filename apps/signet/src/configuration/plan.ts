import {
  listKeys,
  planDirectoryConfiguration,
  queryEntries,
  storedTenant,
  type PlannedChange,
  type PrunableKind,
  type TenantId,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import type { z } from 'zod';
import { declaredTenants } from './declare.js';
import { fileMembers, fileObjectOf, fileTenant, nameOf, terse, terseTenant, type FileObject } from './file-objects.js';
import { declaredPasswords, neededPasswords } from './passwords.js';
import type { SignetFile } from './schema.js';

/** One object as a plan would change it, in the words of the file. */
export interface ShownChange {
  readonly tenant: string;
  /** As the file calls the list that it stands in; `tenants` for the tenant itself. */
  readonly kind: string;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  /** Members of a new object, or those that change; of secrets and passwords nothing but that they do. */
  readonly members: readonly ShownMember[];
  readonly drift?: ShownDrift;
}

export interface ShownMember {
  readonly member: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly secret?: true;
}

export interface ShownDrift {
  /** When it was changed, after the plan that had declared it was applied. */
  readonly changedAt: string;
  readonly plan: string;
  readonly appliedAt: string;
  /** Who did it, as the audit log has it. */
  readonly by?: string;
}

export interface ShownPlan {
  readonly changes: readonly ShownChange[];
  readonly unmanaged: readonly {
    readonly tenant: string;
    readonly kind: string;
    readonly count: number;
    readonly declaredBefore: number;
    readonly registeredThemselves: number;
  }[];
}

export type Prune = Readonly<Record<string, PrunableKind[]>>;

interface Dependencies {
  readonly requester: Pick<Requester, 'request'>;
  readonly keyring: Keyring;
  readonly issuer: string;
}

type Answer = z.output<typeof planDirectoryConfiguration.response>;

/** What applying the file would change, in every service; nothing is. Rejects as applying would. */
export async function planOf(file: SignetFile, prune: Prune | undefined, on: Dependencies): Promise<ShownPlan> {
  const { tenants } = await on.requester.request(planDirectoryConfiguration, {
    tenants: declaredTenants(file, on.issuer, on.keyring),
    ...(prune && { prune }),
  });
  const changes: ShownChange[] = [];
  for (const tenant of tenants) {
    for (const change of tenant.changes) {
      changes.push(shown(file, tenant.slug, change, on.issuer, await byWhom(tenant.tenantId, change, on.requester)));
    }
    changes.push(...(await keysToMake(tenant, on.requester)));
  }
  return { changes: await withPasswords(file, tenants, changes, on), unmanaged: tenants.flatMap(unmanagedOf) };
}

const unmanagedOf = ({ slug, unmanaged }: Answer['tenants'][number]): ShownPlan['unmanaged'] =>
  unmanaged.map(({ kind, count, declaredBefore, beyond }) => ({
    ...{ tenant: slug, kind: fileMembers[kind], count, declaredBefore, registeredThemselves: beyond },
  }));

function shown(
  file: SignetFile,
  slug: string,
  change: PlannedChange,
  issuer: string,
  by: string | undefined,
): ShownChange {
  const { kind, name, action, secrets, drift } = change;
  const before = change.before && objectOf(kind, change.before, issuer);
  const after =
    action === 'create' ? declaredIn(file, slug, kind, name) : change.after && objectOf(kind, change.after, issuer);
  const secret = secrets === true || (action === 'create' && after?.['client_secret'] !== undefined);
  return {
    ...{ tenant: slug, kind: kind === 'tenant' ? 'tenants' : fileMembers[kind], name, action },
    members: [
      ...(action === 'delete' ? [] : membersBetween(flat(before ?? {}), flat(after ?? {}))),
      ...(secret ? [{ member: 'client_secret', secret } as const] : []),
    ],
    ...(drift && {
      drift: {
        changedAt: drift.changedAt,
        plan: drift.planId,
        appliedAt: drift.appliedAt,
        ...(by !== undefined && { by }),
      },
    }),
  };
}

const objectOf = (kind: PlannedChange['kind'], stored: unknown, issuer: string): FileObject =>
  kind === 'tenant' ? fileTenant(storedTenant.parse(stored), issuer) : fileObjectOf(kind, stored);

/** What the file says of an object, less what goes without saying. */
function declaredIn(file: SignetFile, slug: string, kind: PlannedChange['kind'], name: string): FileObject {
  const tenant = file.tenants.find((each) => each.slug === slug);
  if (!tenant) return {};
  if (kind === 'tenant') {
    const lists = Object.values(fileMembers);
    const own = Object.fromEntries(Object.entries(tenant).filter(([member]) => !lists.some((list) => list === member)));
    return terseTenant(own);
  }
  const found = tenant[fileMembers[kind]].find((each: FileObject) => nameOf(kind, each) === name);
  // A scope of OpenID Connect itself, which no file need name.
  return found ? terse(kind, found) : {};
}

/** Never shown, whoever looks. */
const secretMembers: readonly string[] = ['client_secret', 'password'];

/** `policies.access_token_seconds`: objects by their members, lists whole. */
function flat(object: FileObject, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(object).flatMap(([name, value]): [string, unknown][] => {
      if (value === undefined || secretMembers.includes(name)) return [];
      return isObject(value) ? [...flat(value, `${prefix}${name}.`)] : [[`${prefix}${name}`, value]];
    }),
  );
}

const isObject = (value: unknown): value is FileObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function membersBetween(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): ShownMember[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((member) => {
    const [was, is] = [before.get(member), after.get(member)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ member, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

/** The actor of the newest event of an object that drifted; undefined where the audit log does not say. */
async function byWhom(
  tenantId: TenantId | undefined,
  { drift, aggregate }: PlannedChange,
  requester: Dependencies['requester'],
) {
  if (!drift || aggregate === undefined || tenantId === undefined) return undefined;
  const query = { tenantId, aggregate, command: 'plan', limit: 1 };
  const found = await requester.request(queryEntries, query).catch(() => undefined);
  const [entry] = found?.entries ?? [];
  if (!entry) return undefined;
  const leaf = JSON.parse(Buffer.from(entry.leaf, 'base64url').toString('utf8')) as { actor?: unknown };
  return typeof leaf.actor === 'string' ? leaf.actor : undefined;
}

/** A tenant without keys is given its first. */
async function keysToMake(
  { slug, tenantId }: Answer['tenants'][number],
  requester: Dependencies['requester'],
): Promise<ShownChange[]> {
  const made = tenantId === undefined ? [] : (await requester.request(listKeys, { tenantId })).keys;
  return made.length > 0 ? [] : [{ tenant: slug, kind: 'keys', name: 'signing keys', action: 'create', members: [] }];
}

/** A password that would be set belongs to the user that it is of, whether that changes otherwise or not. */
async function withPasswords(
  file: SignetFile,
  tenants: Answer['tenants'],
  changes: readonly ShownChange[],
  on: Dependencies,
): Promise<ShownChange[]> {
  const declared = declaredPasswords(file, tenants, on.keyring);
  const needed = new Set(
    (await neededPasswords(declared, on.requester)).map((each) => `${each.slug} ${each.username}`),
  );
  const sets = ({ tenant, kind, name, action }: ShownChange) =>
    kind === 'users' &&
    (needed.delete(`${tenant} ${name}`) || (action === 'create' && passwordIn(file, tenant, name) !== undefined));
  const told = changes.map((change) =>
    sets(change) ? { ...change, members: [...change.members, { member: 'password', secret: true } as const] } : change,
  );
  const alone = declared.flatMap(({ slug, username }) =>
    needed.has(`${slug} ${username}`)
      ? [
          {
            tenant: slug,
            kind: 'users',
            name: username,
            action: 'update',
            members: [{ member: 'password', secret: true }],
          } as const,
        ]
      : [],
  );
  return [...told, ...alone];
}

const passwordIn = (file: SignetFile, slug: string, username: string) =>
  file.tenants.find((each) => each.slug === slug)?.users.find((user) => user.username === username)?.password;
