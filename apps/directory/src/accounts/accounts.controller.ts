import { Controller } from '@nestjs/common';
import { findAccount, identifierKey, resolveAccount } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';
import { findAccountById, resolveIdentifier } from './account-statements.js';

@Controller()
export class AccountsController {
  constructor(private readonly database: Database) {}

  @Serves(findAccount)
  async find(key: z.output<typeof findAccount.request>) {
    const account = await this.database.first(findAccountById, key);
    if (!account) throw new MeshError('not_found', 'there is no such account');
    return account;
  }

  @Serves(resolveAccount)
  async resolve({ tenantId, identifier }: z.output<typeof resolveAccount.request>) {
    const resolution = await this.database.first(resolveIdentifier, {
      tenantId,
      identifierKey: identifierKey(identifier),
    });
    if (!resolution) throw new Error('the statement gives one row always');
    return resolution;
  }
}
