import type { DeclaredTenant } from '@signet/contracts';
import type { ClientSecrets } from '../clients/client-secrets.js';
import type { ClientRules } from '../clients/faults/client-check.js';
import { lockConfiguration } from '../configuration/plan-statements.js';
import type { Writing } from './directory-writes.js';
import { problemOfFaults, nameTaken } from './write-faults.js';

/** New tenants, made as a configuration makes them. */
export class TenantCreation {
  constructor(private readonly on: { readonly secrets: ClientSecrets; readonly rules: ClientRules }) {}

  async create({ tx, log }: Writing, declared: DeclaredTenant): Promise<void> {
    const [{ findFaults }, { lockStored, lockTenants }, { createTenant }, { reconcileTenantObjects }] =
      await Promise.all([
        import('../configuration/faults/find-faults.js'),
        import('../configuration/stored-state.js'),
        import('../configuration/reconcile/reconcile-tenant.js'),
        import('../configuration/change-directory.js'),
      ]);
    await tx.execute(lockConfiguration, undefined);
    const rows = await lockTenants(tx, [declared]);
    if (rows.some(({ slug }) => slug === declared.slug)) throw nameTaken('slug');
    const faults = findFaults([declared], rows, new Map(), this.on.rules);
    // Below `tenants` and the slug.
    if (faults.length > 0) throw problemOfFaults(faults, 2);
    const row = await createTenant(tx, log, declared);
    await reconcileTenantObjects(tx, log, declared, await lockStored(tx, row, declared), this.on);
  }
}
