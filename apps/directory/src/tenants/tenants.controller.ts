import { Controller } from '@nestjs/common';
import { findCatalogue, findTenant, listTenants } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';
import { findTenantById, findTenantBySlug, listTenantsAfter, readCatalogue } from './tenant-statements.js';

@Controller()
export class TenantsController {
  constructor(private readonly database: Database) {}

  @Serves(findTenant)
  async find(input: z.output<typeof findTenant.request>) {
    const tenant =
      'slug' in input
        ? await this.database.first(findTenantBySlug, input)
        : await this.database.first(findTenantById, input);
    return tenant ?? notFound();
  }

  @Serves(listTenants)
  async list({ after, limit }: z.output<typeof listTenants.request>) {
    return { tenants: await this.database.execute(listTenantsAfter, { after, limit }) };
  }

  @Serves(findCatalogue)
  async findCatalogue(input: z.output<typeof findCatalogue.request>) {
    return (await this.database.first(readCatalogue, input)) ?? notFound();
  }
}

function notFound(): never {
  throw new MeshError('not_found', 'there is no such tenant');
}
