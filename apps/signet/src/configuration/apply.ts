import {
  applyDirectoryConfiguration,
  mostTenantsOfKeys,
  newId,
  planId,
  prepareKeys,
  type PlanId,
  type TenantId,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import type { Hasher } from '@signet/service';
import { declaredTenants } from './declare.js';
import { declaredPasswords, setPasswords } from './passwords.js';
import type { Prune } from './plan.js';
import type { SignetFile } from './schema.js';

export interface Applied {
  readonly planId: string;
  /** Objects created, changed or deleted, over all services. */
  readonly changes: number;
}

interface Dependencies {
  readonly requester: Pick<Requester, 'request'>;
  readonly hasher: Pick<Hasher, 'hash'>;
  readonly keyring: Keyring;
  readonly issuer: string;
}

/**
 * Applies a configuration under one plan id: the directory first (what others refer to), then passwords, then keys; one transaction in each.
 * Every step is idempotent by content, so that an interrupted plan is resumed by applying the file again. `prune`: by tenant, the kinds of which
 * what the file does not declare is deleted.
 */
export async function applyConfiguration(file: SignetFile, on: Dependencies, prune?: Prune): Promise<Applied> {
  const plan = newId(planId);
  const directory = await on.requester.request(applyDirectoryConfiguration, {
    planId: plan,
    tenants: declaredTenants(file, on.issuer, on.keyring),
    ...(prune && { prune }),
  });
  const passwords = await setPasswords(declaredPasswords(file, directory.tenants, on.keyring), plan, on);
  const keys = await makeKeys(
    directory.tenants.map(({ tenantId }) => tenantId),
    plan,
    on.requester,
  );
  return { planId: plan, changes: directory.changes + passwords + keys };
}

async function makeKeys(tenantIds: readonly TenantId[], plan: PlanId, requester: Dependencies['requester']) {
  let made = 0;
  for (let from = 0; from < tenantIds.length; from += mostTenantsOfKeys) {
    const some = tenantIds.slice(from, from + mostTenantsOfKeys);
    made += (await requester.request(prepareKeys, { planId: plan, tenantIds: some })).changes;
  }
  return made;
}
