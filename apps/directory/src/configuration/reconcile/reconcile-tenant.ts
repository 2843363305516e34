import { newId, tenantId, type DeclaredTenant } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { tenantEntity, type TenantRow } from '../../store/tenant-entity.js';
import type { ChangeLog } from '../change-log.js';
import { difference } from '../difference.js';

const members = ({ slug, issuer, name, enabled, policies, branding }: DeclaredTenant | TenantRow) => ({
  ...{ slug, issuer, name, enabled, policies },
  branding,
});

/** Creates or changes the tenant itself. Gives its row as it is from now on. */
export async function reconcileTenant(
  tx: EntityTransaction,
  log: ChangeLog,
  declared: DeclaredTenant,
  stored: TenantRow | undefined,
): Promise<TenantRow> {
  const wanted = members(declared);
  if (!stored) {
    const row: TenantRow = { id: newId(tenantId), ...wanted, version: 1, catalogueVersion: 0 };
    await tx.manager.insert(tenantEntity, row);
    log.created({ kind: 'tenant', tenantId: row.id, id: row.id }, wanted);
    return row;
  }
  const change = difference(members(stored), wanted);
  if (!change) return stored;
  const subject = { kind: 'tenant', tenantId: stored.id, id: stored.id } as const;
  const version = log.updated(subject, stored.version, change, stored.enabled && !wanted.enabled);
  await tx.manager.update(tenantEntity, { id: stored.id }, { ...wanted, version });
  return { ...stored, ...wanted, version };
}
