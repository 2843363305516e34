import { resolveAccount, type AccountId, type TenantId } from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';

/** Whether whoever signs in by this identifier is that account. Where directory cannot say, it is not taken for it. */
export async function namesAccount(
  requester: Pick<Requester, 'request'>,
  tenantId: TenantId,
  identifier: string,
  accountId: AccountId,
): Promise<boolean> {
  const request = resolveAccount.request.safeParse({ tenantId, identifier });
  if (!request.success) return false;
  try {
    const { account } = await requester.request(resolveAccount, request.data);
    return account?.accountId === accountId;
  } catch (error) {
    if (error instanceof MeshError) return false;
    throw error;
  }
}
