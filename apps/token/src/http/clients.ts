import { clientId as clientIdSchema, resourceServersOf, type Tenant } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { ClientDirectory, ClientWithSecrets, RegisteredClient, ResourceServer } from '@signet/protocol';
import type { DirectoryCopies } from '@signet/service';
import { tenantKey } from '../floors/dead.js';
import type { Floors } from '../floors/floors.js';

/** The clients of a request's tenant: it and they never in a version that is older than a committed change. */
export class TenantClients implements ClientDirectory<ClientWithSecrets> {
  /** Of the client that was found last. */
  resourceServers: readonly ResourceServer[] = [];

  constructor(
    private readonly copies: DirectoryCopies,
    private readonly floors: Pick<Floors, 'minVersion'>,
    private readonly tenant: Tenant,
  ) {}

  async find(clientId: string): Promise<RegisteredClient<ClientWithSecrets> | undefined> {
    // Before Postgres is asked about floors, which takes no text with a NUL.
    if (!clientIdSchema.safeParse(clientId).success) return undefined;
    const { id } = this.tenant;
    if (!(await this.#tenantStands())) return undefined;
    const minVersion = await this.floors.minVersion(id, 'client_version', clientId);
    const minAuthority = await this.floors.minVersion(id, 'authority_version', tenantKey);
    const client = await this.copies.clientWithSecrets(id, clientId, minVersion, minAuthority);
    if (client === undefined) return undefined;
    const catalogue = await this.copies.catalogue(id);
    if (catalogue === undefined) throw new MeshError('unavailable', 'the tenant has no catalogue');
    this.resourceServers = resourceServersOf(catalogue);
    return { client, resourceServers: this.resourceServers };
  }

  /** By the tenant's copy that let the request in, or by a newer one where a floor forbids that: a disabled tenant has no clients. */
  async #tenantStands(): Promise<boolean> {
    const { id, version } = this.tenant;
    const minVersion = (await this.floors.minVersion(id, 'tenant_version', tenantKey)) ?? 0;
    if (version >= minVersion) return true;
    return (await this.copies.tenantById(id, minVersion))?.enabled === true;
  }
}
