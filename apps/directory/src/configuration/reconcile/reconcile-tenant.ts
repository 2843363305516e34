import { newId, tenantId, type DeclaredTenant, type TenantId } from '@signet/contracts';
import { ignoredRow, statement, type EntityTransaction } from '@signet/persistence';
import { tenantEntity, type TenantRow } from '../../store/tenant-entity.js';
import type { ChangeLog } from '../../changes/change-log.js';
import { difference } from '../../changes/difference.js';

const members = ({ slug, issuer, name, enabled, policies, branding, attributes }: DeclaredTenant | TenantRow) => ({
  ...{ slug, issuer, name, enabled, policies },
  ...{ branding, attributes },
});

/** What Signet itself has in every tenant. */
const makeBuiltIns = statement<{ tenantId: TenantId }, unknown>({
  name: 'directory.tenant.make-built-ins',
  text: 'select make_built_ins($1)',
  parameters: (p) => [p.tenantId],
  row: ignoredRow,
});

/** Creates the tenant, with what Signet itself has in every one. */
export async function createTenant(
  tx: EntityTransaction,
  log: ChangeLog,
  declared: DeclaredTenant,
): Promise<TenantRow> {
  const wanted = members(declared);
  const row: TenantRow = { id: newId(tenantId), ...wanted, version: 1, catalogueVersion: 0, authorityVersion: 0 };
  await tx.manager.insert(tenantEntity, row);
  await tx.execute(makeBuiltIns, { tenantId: row.id });
  log.created({ kind: 'tenant', tenantId: row.id, id: row.id }, wanted);
  return row;
}

/** Changes the tenant itself. Gives its row as it is from now on. */
export async function reconcileTenant(
  tx: EntityTransaction,
  log: ChangeLog,
  declared: DeclaredTenant,
  stored: TenantRow,
): Promise<TenantRow> {
  const wanted = members(declared);
  const change = difference(members(stored), wanted);
  if (!change) return stored;
  const subject = { kind: 'tenant', tenantId: stored.id, id: stored.id } as const;
  const version = log.updated(subject, stored.version, change, stored.enabled && !wanted.enabled);
  await tx.manager.update(tenantEntity, { id: stored.id }, { ...wanted, version });
  return { ...stored, ...wanted, version };
}
