import { createHmac } from 'node:crypto';
import { applyPasswords, newId, planId, type AccountId, type PlanId, type TenantId } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import type { Hasher } from '@signet/service';
import type { SignetFile } from './schema.js';

/** A password that the file declares for an account that is there. */
export interface DeclaredPassword {
  readonly slug: string;
  readonly username: string;
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly password: string;
  readonly declaredDigest: string;
}

interface KnownUsers {
  readonly slug: string;
  readonly tenantId?: TenantId | undefined;
  readonly users: readonly { readonly username: string; readonly accountId: AccountId }[];
}

export function declaredPasswords(
  file: SignetFile,
  known: readonly KnownUsers[],
  keyring: Keyring,
): DeclaredPassword[] {
  return known.flatMap(({ slug, tenantId, users }) => {
    const tenant = file.tenants.find((each) => each.slug === slug);
    const passwords = new Map(tenant?.users.map(({ username, password }) => [username, password?.normalize('NFC')]));
    return users.flatMap(({ username, accountId }) => {
      const password = passwords.get(username);
      if (password === undefined || tenantId === undefined) return [];
      const declaredDigest = digestOf(keyring, tenantId, accountId, password);
      return [{ slug, username, tenantId, accountId, password, declaredDigest }];
    });
  });
}

const asked = ({ tenantId, accountId, declaredDigest }: DeclaredPassword) => ({ tenantId, accountId, declaredDigest });

type Requests = Pick<Requester, 'request'>;

/** Those that are not what authn has, by keyed digest. Sets nothing. */
export async function neededPasswords(declared: readonly DeclaredPassword[], requester: Requests) {
  if (declared.length === 0) return [];
  const plan = newId(planId);
  const { needed } = await requester.request(applyPasswords, { planId: plan, passwords: declared.map(asked) });
  return declared.filter(({ accountId }) => needed.includes(accountId));
}

/** Sets them in one transaction; only new ones are hashed. Gives how many were. */
export async function setPasswords(
  declared: readonly DeclaredPassword[],
  plan: PlanId,
  { requester, hasher }: { readonly requester: Requests; readonly hasher: Pick<Hasher, 'hash'> },
): Promise<number> {
  const needed = new Set(await neededPasswords(declared, requester));
  if (needed.size === 0) return 0;
  const hashed = [];
  // One after another: whatever their number and however slow the machine, none waits in the hasher until that refuses it.
  for (const entry of declared) {
    hashed.push(needed.has(entry) ? { ...asked(entry), hash: await hasher.hash(entry.password) } : asked(entry));
  }
  const { changes } = await requester.request(applyPasswords, { planId: plan, passwords: hashed });
  return changes;
}

/** Not reversible without the keyring, and different for equal passwords of two accounts. */
function digestOf(keyring: Keyring, tenant: string, account: string, password: string): string {
  return createHmac('sha256', keyring.current('configuration').secret)
    .update(JSON.stringify([tenant, account, password]))
    .digest('base64url');
}
