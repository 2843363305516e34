import { Controller, type Type } from '@nestjs/common';
import { confirmOutbox, setAsideInOutbox, type ServiceName } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';

type Confirmation = (typeof confirmOutbox)[ServiceName];
type Answer = z.input<Confirmation['response']>;
type SettingAside = (typeof setAsideInOutbox)[ServiceName];

/** The handlers by which audit tells this service what it has stored for good, and what it does not take. */
export function outboxConfirmation(service: ServiceName): Type {
  @Controller()
  class OutboxConfirmation {
    constructor(private readonly database: Database) {}

    @Serves(confirmOutbox[service])
    async confirm({ ids }: z.output<Confirmation['request']>): Promise<Answer> {
      return { confirmed: await this.database.outbox.confirm(ids) };
    }

    @Serves(setAsideInOutbox[service])
    async setAside({ events }: z.output<SettingAside['request']>): Promise<z.input<SettingAside['response']>> {
      const found = await this.database.outbox.setAside(events);
      return { setAside: found.length, known: found.flatMap(({ id, known }) => (known ? [id] : [])) };
    }
  }
  return OutboxConfirmation;
}
