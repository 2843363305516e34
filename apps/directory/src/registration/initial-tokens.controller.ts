import { Controller } from '@nestjs/common';
import { createInitialAccessToken, initialAccessTokenCreated, newId } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import { z } from 'zod';
import { insertInitialToken } from './registration-statements.js';

const tokenId = z.uuid({ version: 'v7' });

/** RFC 7591 section 1.2: initial access tokens, made by the operator; their hash alone comes here. */
@Controller()
export class InitialTokensController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Serves(createInitialAccessToken)
  create({ tenantId, hash, uses, lifetime }: z.output<typeof createInitialAccessToken.request>) {
    const id = newId(tokenId);
    const created = this.events.make(initialAccessTokenCreated, {
      ...{ tenantId, aggregate: id, context: { actor: 'operator:registration' } },
      data: { uses, ...(lifetime !== undefined && { lifetime }) },
    });
    return this.database.run(async (tx) => {
      const row = await tx.first(insertInitialToken, { tenantId, hash, id, uses, lifetime });
      await tx.record(created);
      const expiresAt = row?.expiresAt;
      return { id, ...(typeof expiresAt === 'number' && { expiresAt }) };
    });
  }
}
