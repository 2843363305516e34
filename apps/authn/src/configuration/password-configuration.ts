import { Controller } from '@nestjs/common';
import { applyPasswords, passwordChanged } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { findNewPasswords, setDeclaredPassword } from '../store/password.js';

type Applying = z.output<typeof applyPasswords.request>;
type Declared = Applying['passwords'][number];
type Applied = z.input<typeof applyPasswords.response>;

type Hashed = Declared & { readonly hash: string };
const isHashed = (password: Declared): password is Hashed => password.hash !== undefined;

@Controller()
export class PasswordConfiguration {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Serves(applyPasswords)
  async apply({ passwords }: Applying): Promise<Applied> {
    const news = new Set(
      (await this.database.execute(findNewPasswords, { passwords })).map(({ accountId }) => accountId),
    );
    const changes = passwords.filter(({ accountId }) => news.has(accountId));
    const needed = changes.filter((password) => !isHashed(password)).map(({ accountId }) => accountId);
    if (needed.length > 0) return { changes: 0, needed };
    const set = await this.database.run(async (tx) => {
      let count = 0;
      for (const password of changes.filter(isHashed)) {
        const { tenantId, accountId } = password;
        const changed = this.events.make(passwordChanged, {
          tenantId,
          aggregate: accountId,
          account: accountId,
          context: { actor: 'operator:configuration' },
          data: { by: 'configuration' },
        });
        count += (await tx.execute(setDeclaredPassword, { password, changed })).length;
      }
      return count;
    });
    return { changes: set, needed: [] };
  }
}
