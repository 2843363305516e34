import {
  rfc3339,
  showAccount,
  showClient,
  showGroup,
  showId,
  showOrganisation,
  showResourceServer,
  showRole,
  showScope,
  showTenant,
  storedObjects,
  storedTenant,
  type IdPrefix,
  type shownAccount,
  type shownClient,
  type shownGroup,
  type shownOrganisation,
  type shownResourceServer,
  type shownRole,
  type shownScope,
  type shownTenant,
} from '@signet/contracts';
import type { z } from 'zod';
import type { ManagedKind } from './managed-kinds.js';
import type { StoredObject } from './object-statements.js';

/** What the operations' schemas say of an object of a kind. */
export interface ShownOf {
  readonly tenants: z.output<typeof shownTenant>;
  readonly resourceServers: z.output<typeof shownResourceServer>;
  readonly scopes: z.output<typeof shownScope>;
  readonly roles: z.output<typeof shownRole>;
  readonly organisations: z.output<typeof shownOrganisation>;
  readonly groups: z.output<typeof shownGroup>;
  readonly users: z.output<typeof shownAccount>;
  readonly clients: z.output<typeof shownClient>;
}

const prefixes: Readonly<Record<ManagedKind, IdPrefix | undefined>> = {
  ...{ tenants: 'ten', organisations: 'org', users: 'acc', groups: 'grp', roles: 'rol' },
  ...{ resourceServers: 'rsv', scopes: 'scp', clients: undefined },
};

/** How it came to be is told beside. */
const storedClient = storedObjects.clients.element.strip();

/** What an administrator may write of an object, as the wire has it: what a patch is applied to. */
export function writableOf(kind: ManagedKind, object: unknown): object {
  switch (kind) {
    case 'tenants':
      return showTenant(storedTenant.parse(object));
    case 'resourceServers':
      return showResourceServer(storedObjects.resourceServers.element.parse(object));
    case 'scopes':
      return showScope(storedObjects.scopes.element.parse(object));
    case 'roles':
      return showRole(storedObjects.roles.element.parse(object));
    case 'organisations':
      return showOrganisation(storedObjects.organisations.element.parse(object));
    case 'groups':
      return showGroup(storedObjects.groups.element.parse(object));
    case 'users':
      return showAccount(storedObjects.users.element.parse(object));
    case 'clients': {
      return showClient(storedClient.parse(object));
    }
  }
}

/** Beside what may be written. */
function toldOf(kind: ManagedKind, { builtIn, object }: StoredObject): object {
  switch (kind) {
    case 'roles':
    case 'scopes':
    case 'resourceServers':
      return { built_in: builtIn };
    case 'clients': {
      const { secrets, registration } = object;
      return { secrets, ...(registration !== undefined && { registration }) };
    }
    case 'tenants':
    case 'organisations':
    case 'groups':
    case 'users':
      return {};
  }
}

/** By which the wire names it. */
export function shownIdOf(kind: ManagedKind, { id }: Pick<StoredObject, 'id'>): string {
  const prefix = prefixes[kind];
  return prefix ? showId(prefix, id) : id;
}

export function showObject<K extends ManagedKind>(kind: K, stored: StoredObject): ShownOf[K] {
  return {
    ...(prefixes[kind] && { id: shownIdOf(kind, stored) }),
    ...writableOf(kind, stored.object),
    ...toldOf(kind, stored),
    version: stored.version,
    created_at: rfc3339(stored.createdAt),
    updated_at: rfc3339(stored.updatedAt),
  } as unknown as ShownOf[K];
}
