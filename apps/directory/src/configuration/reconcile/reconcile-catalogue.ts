import type { DeclaredTenant, TenantId } from '@signet/contracts';
import { ignoredRow, statement, type EntityTransaction } from '@signet/persistence';
import { resourceServerEntity, scopeEntity } from '../../store/catalogue-entities.js';
import type { ChangeLog } from '../change-log.js';
import type { StoredTenant } from '../stored-state.js';
import { reconcileNamed } from './reconcile-named.js';

/** Scopes and resource servers are copied together, under one version. */
const bumpCatalogue = statement<{ tenantId: TenantId }, unknown>({
  name: 'directory.catalogue.bump',
  text: 'update tenant set catalogue_version = catalogue_version + 1 where id = $1',
  parameters: (p) => [p.tenantId],
  row: ignoredRow,
});

export async function reconcileCatalogue(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant | undefined,
): Promise<void> {
  const servers = await reconcileNamed(tx, log, tenantId, {
    kind: 'resource-server',
    entity: resourceServerEntity,
    stored: stored?.resourceServers ?? new Map(),
    declared: declared.resourceServers.map((server) => ({ key: server.identifier, columns: server })),
  });
  const scopes = await reconcileNamed(tx, log, tenantId, {
    kind: 'scope',
    entity: scopeEntity,
    stored: stored?.scopes ?? new Map(),
    declared: declared.scopes.map(({ name, description, resourceServer = null }) => ({
      key: name,
      columns: { name, description, resourceServer },
    })),
  });
  if (servers.changed.size + scopes.changed.size > 0) await tx.execute(bumpCatalogue, { tenantId });
}
