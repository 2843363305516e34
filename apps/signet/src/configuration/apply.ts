import { createHmac } from 'node:crypto';
import {
  applyDirectoryConfiguration,
  applyPasswords,
  newId,
  planId,
  mostTenantsOfKeys,
  prepareKeys,
  type AccountId,
  type PlanId,
  type TenantId,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import type { Hasher } from '@signet/service';
import { declaredTenants } from './declare.js';
import type { SignetFile } from './schema.js';

export interface Applied {
  readonly planId: string;
  /** Objects created or changed, over all services. */
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
 * Every step is idempotent by content, so that an interrupted plan is resumed by applying the file again.
 */
export async function applyConfiguration(file: SignetFile, on: Dependencies): Promise<Applied> {
  const plan = newId(planId);
  const directory = await on.requester.request(applyDirectoryConfiguration, {
    planId: plan,
    tenants: declaredTenants(file, on.issuer, on.keyring),
  });
  const declared = directory.tenants.flatMap(({ slug, tenantId, users }) =>
    users.flatMap(({ username, accountId }) => {
      const password = passwordOf(file, slug, username);
      return password === undefined ? [] : [{ tenantId, accountId, password: password.normalize('NFC') }];
    }),
  );
  const passwords = await setPasswords(declared, plan, on);
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

function passwordOf(file: SignetFile, slug: string, username: string): string | undefined {
  const tenant = file.tenants.find((each) => each.slug === slug);
  return tenant?.users.find((user) => user.username === username)?.password;
}

interface DeclaredPassword {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly password: string;
}

/** Asks first which passwords are new, by keyed digest, so that only those are hashed. */
async function setPasswords(declared: readonly DeclaredPassword[], plan: PlanId, on: Dependencies) {
  if (declared.length === 0) return 0;
  const entries = declared.map(({ password, ...entry }) => ({
    ...entry,
    declaredDigest: digestOf(on.keyring, entry.tenantId, entry.accountId, password),
  }));
  const { needed } = await on.requester.request(applyPasswords, { planId: plan, passwords: entries });
  if (needed.length === 0) return 0;
  const hashed = [];
  // One after another: whatever their number and however slow the machine, none waits in the hasher until that refuses it.
  for (const [index, entry] of entries.entries()) {
    const password = needed.includes(entry.accountId) ? declared[index]?.password : undefined;
    hashed.push(password === undefined ? entry : { ...entry, hash: await on.hasher.hash(password) });
  }
  const { changes } = await on.requester.request(applyPasswords, { planId: plan, passwords: hashed });
  return changes;
}

/** Not reversible without the keyring, and different for equal passwords of two accounts. */
function digestOf(keyring: Keyring, tenant: string, account: string, password: string): string {
  return createHmac('sha256', keyring.current('configuration').secret)
    .update(JSON.stringify([tenant, account, password]))
    .digest('base64url');
}
