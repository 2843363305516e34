import { attributeDefinition, tolerant, type AttributeDefinition, type Tenant, type TenantId } from '@signet/contracts';
import { statement, type Database } from '@signet/persistence';
import { BoundedMap } from '@signet/service';
import { z } from 'zod';

const findDefinitions = statement<{ tenantId: TenantId }, { version: number; attributes: AttributeDefinition[] }>({
  name: 'directory.scim-tenant.find-definitions',
  text: 'select version, attributes from tenant where id = $1',
  parameters: (p) => [p.tenantId],
  row: z.object({ version: z.int().positive(), attributes: z.array(tolerant(attributeDefinition)) }),
});

const mostTenants = 1_000;

/** The attributes that tenants define for themselves, each as its version has them. */
export class ScimTenants {
  readonly #known = new BoundedMap<TenantId, { readonly version: number; readonly attributes: AttributeDefinition[] }>(
    mostTenants,
  );

  constructor(private readonly database: Pick<Database, 'first'>) {}

  async definitionsOf({ id, version }: Tenant): Promise<readonly AttributeDefinition[]> {
    const known = this.#known.get(id);
    if (known && known.version >= version) return known.attributes;
    const read = await this.database.first(findDefinitions, { tenantId: id });
    if (!read) return [];
    this.#known.set(id, read);
    return read.attributes;
  }
}
