import { resourceServersOf, type TenantId } from '@signet/contracts';
import type { ClientDirectory, RegisteredClient } from '@signet/protocol';
import type { DirectoryCopies } from '@signet/service';

/** A tenant's clients, from the copies. */
export class Clients implements ClientDirectory {
  constructor(
    private readonly copies: DirectoryCopies,
    private readonly tenantId: TenantId,
  ) {}

  /** `minVersion`: an older copy is read anew. */
  async find(clientId: string, minVersion?: number): Promise<RegisteredClient | undefined> {
    const [client, catalogue] = await Promise.all([
      this.copies.client(this.tenantId, clientId, minVersion),
      this.copies.catalogue(this.tenantId),
    ]);
    return client && { client, resourceServers: catalogue ? resourceServersOf(catalogue) : [] };
  }
}
