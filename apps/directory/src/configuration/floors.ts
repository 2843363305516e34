import { accountId, type DirectoryKind, type EventId, type Floor, type TenantId } from '@signet/contracts';

/** An object as events and floors name it. */
export interface Subject {
  readonly kind: DirectoryKind;
  readonly tenantId: TenantId;
  /** The aggregate's id. */
  readonly id: string;
}

/** What a disabled object's sessions and tokens are held against from now on. */
export function endingFloor({ kind, tenantId, id }: Subject, raiseId: EventId): Floor | undefined {
  const base = { raiseId, tenantId, reason: `${kind}_disabled` };
  switch (kind) {
    case 'tenant':
      return { ...base, kind };
    case 'client':
      return { ...base, kind, clientId: id };
    case 'account':
      return { ...base, kind, accountId: accountId.parse(id) };
    case 'group':
    case 'role':
    case 'scope':
    case 'resource-server':
      return undefined;
  }
}

/** Forbids copies of a changed object that are older than `version`. */
export function versionFloor({ kind, tenantId, id }: Subject, raiseId: EventId, version: number): Floor | undefined {
  const base = { raiseId, tenantId, version, reason: `${kind}_changed` };
  switch (kind) {
    case 'client':
      return { ...base, kind: 'client_version', clientId: id };
    case 'account':
      return { ...base, kind: 'account_version', accountId: accountId.parse(id) };
    case 'tenant':
      return { ...base, kind: 'tenant_version' };
    case 'group':
    case 'role':
    case 'scope':
    case 'resource-server':
      return undefined;
  }
}
