import { findClient, findTenant, type Request, type TenantId } from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';
import type { z } from 'zod';

/**
 * Whether both tenant and client may act, read past the copies: where token speaks of a floor, a copy may be from before it.
 * Throws `unavailable` where the directory cannot say.
 */
export async function enabledNow(requester: Requester, tenantId: TenantId, clientId: string): Promise<boolean> {
  const [tenant, client] = await Promise.all([
    unlessAbsent(requester, findTenant, { tenantId }),
    unlessAbsent(requester, findClient, { tenantId, clientId }),
  ]);
  return tenant?.enabled === true && client?.enabled === true;
}

async function unlessAbsent<Q extends z.ZodType, A extends z.ZodType>(
  requester: Requester,
  contract: Request<Q, A>,
  input: z.input<Q>,
): Promise<z.output<A> | undefined> {
  try {
    return await requester.request(contract, input);
  } catch (error) {
    if (error instanceof MeshError && error.code === 'not_found') return undefined;
    throw error;
  }
}
