import { accountId, type DirectoryKind, type EventId, type Floor, type TenantId } from '@signet/contracts';

/** An object as events and floors name it. */
export interface Subject {
  readonly kind: DirectoryKind;
  readonly tenantId: TenantId;
  /** The aggregate's id. */
  readonly id: string;
}

/** What sessions and tokens of an object that was disabled or deleted are held against from now on. */
export function endingFloor(
  { kind, tenantId, id }: Subject,
  raiseId: EventId,
  ended: 'disabled' | 'deleted' | 'erased',
): Floor | undefined {
  const base = { raiseId, tenantId, reason: `${kind}_${ended}` };
  switch (kind) {
    case 'tenant':
      return { ...base, kind };
    case 'client':
      return { ...base, kind, clientId: id };
    case 'account':
      return { ...base, kind, accountId: accountId.parse(id) };
    case 'organisation':
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
    case 'organisation':
    case 'group':
    case 'role':
    case 'scope':
    case 'resource-server':
      return undefined;
  }
}
