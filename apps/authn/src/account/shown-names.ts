import type { TenantId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { clientNameIn } from '@signet/protocol';
import type { DirectoryCopies } from '@signet/service';

export interface ShownNames {
  client(clientId: string, language: string): string;
  /** Of a scope. */
  description(scope: string): string | undefined;
}

/**
 * What clients and scopes are called. A client that is gone has nothing but its id left, and so has one that neither a copy nor the directory can name now:
 * whoever has to end a stolen session does not wait for a name.
 */
export async function shownNames(
  copies: Pick<DirectoryCopies, 'client' | 'catalogue'>,
  tenantId: TenantId,
  clientIds: ReadonlySet<string>,
): Promise<ShownNames> {
  const [catalogue, ...clients] = await Promise.all([
    ifAtHand(copies.catalogue(tenantId)),
    ...[...clientIds].map((clientId) => ifAtHand(copies.client(tenantId, clientId))),
  ]);
  const known = new Map(clients.flatMap((client) => (client ? [[client.clientId, client] as const] : [])));
  const described = new Map(catalogue?.scopes.map(({ name, description }) => [name, description]));
  return {
    client: (clientId, language) => {
      const client = known.get(clientId);
      return client ? clientNameIn(client, language) : clientId;
    },
    description: (scope) => described.get(scope),
  };
}

async function ifAtHand<T>(copy: Promise<T>): Promise<T | undefined> {
  try {
    return await copy;
  } catch (error) {
    if (error instanceof MeshError && error.code === 'unavailable') return undefined;
    throw error;
  }
}
