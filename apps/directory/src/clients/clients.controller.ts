import { Controller } from '@nestjs/common';
import { findClient, findClientWithSecrets } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';
import { findClientByKey, findClientWithSecretsByKey } from './client-statements.js';

@Controller()
export class ClientsController {
  constructor(private readonly database: Database) {}

  @Serves(findClient)
  async find(key: z.output<typeof findClient.request>) {
    return (await this.database.first(findClientByKey, key)) ?? notFound();
  }

  @Serves(findClientWithSecrets)
  async findWithSecrets(key: z.output<typeof findClientWithSecrets.request>) {
    return (await this.database.first(findClientWithSecretsByKey, key)) ?? notFound();
  }
}

function notFound(): never {
  throw new MeshError('not_found', 'there is no such client');
}
