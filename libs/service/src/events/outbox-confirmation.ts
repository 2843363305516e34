import { Controller, type Type } from '@nestjs/common';
import { confirmOutbox, type ServiceName } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';

type Confirmation = (typeof confirmOutbox)[ServiceName];
type Answer = z.input<Confirmation['response']>;

/** The handler by which audit tells this service what it has stored for good. */
export function outboxConfirmation(service: ServiceName): Type {
  @Controller()
  class OutboxConfirmation {
    constructor(private readonly database: Database) {}

    @Serves(confirmOutbox[service])
    async confirm({ ids }: z.output<Confirmation['request']>): Promise<Answer> {
      return { confirmed: await this.database.outbox.confirm(ids) };
    }
  }
  return OutboxConfirmation;
}
