import { Controller } from '@nestjs/common';
import { findClient, findClientWithSecrets } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';
import { Logos } from '../logos/logos.js';
import { findClientByKey, findClientWithSecretsByKey } from './client-statements.js';

@Controller()
export class ClientsController {
  constructor(
    private readonly database: Database,
    private readonly logos: Logos,
  ) {}

  @Serves(findClient)
  async find(key: z.output<typeof findClient.request>) {
    const client = (await this.database.first(findClientByKey, key)) ?? notFound();
    void this.logos.ensure(client);
    return client;
  }

  @Serves(findClientWithSecrets)
  async findWithSecrets(key: z.output<typeof findClientWithSecrets.request>) {
    return (await this.database.first(findClientWithSecretsByKey, key)) ?? notFound();
  }
}

function notFound(): never {
  throw new MeshError('not_found', 'there is no such client');
}
