import type { TenantId } from '@signet/contracts';
import type { RegisteredClient } from '@signet/protocol';
import type { KeySets } from '../keys/key-sets.js';
import { signingAlgs } from './signing-algs.js';

/** Has every key at hand that tokens of this client may be signed with: before a right is spent, since afterwards it would be lost. */
export async function ensureSigningKeys(
  keys: Pick<KeySets, 'signingKey'>,
  tenantId: TenantId,
  { client, resourceServers }: RegisteredClient,
): Promise<void> {
  for (const alg of signingAlgs(client, resourceServers)) await keys.signingKey(tenantId, alg);
}
