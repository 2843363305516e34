import type { AccountId, Floor, RecordedEvent, TenantId } from '@signet/contracts';
import type { DirectoryCopies } from '@signet/service';

/** Whether a new password ends what the account was signed in to with the old one: the tenant's policy. */
export async function endsSessions(copies: Pick<DirectoryCopies, 'tenantById'>, tenantId: TenantId): Promise<boolean> {
  return (await copies.tenantById(tenantId))?.policies.passwordChangeEndsSessions ?? true;
}

/** The floor of a password that has been set, by its row's version: the first one that an account is given replaces nothing. */
export function passwordFloors(
  set: { readonly version: number } | undefined,
  about: { readonly tenantId: TenantId; readonly accountId: AccountId; readonly changed: RecordedEvent },
): Floor[] {
  const { tenantId, accountId, changed } = about;
  return set !== undefined && set.version > 1
    ? [{ kind: 'account', raiseId: changed.id, tenantId, accountId, reason: 'password_changed' }]
    : [];
}
