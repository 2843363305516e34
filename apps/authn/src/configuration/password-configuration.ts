import { Controller } from '@nestjs/common';
import { applyPasswords, passwordChanged, type TenantId } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { DirectoryCopies, EventFactory, FloorRaiser } from '@signet/service';
import type { z } from 'zod';
import { endsSessions, passwordFloors } from '../credentials/password-floor.js';
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
    private readonly copies: DirectoryCopies,
    private readonly floors: FloorRaiser,
  ) {}

  @Serves(applyPasswords)
  async apply({ passwords }: Applying): Promise<Applied> {
    const found = await this.database.execute(findNewPasswords, { passwords });
    const news = new Set(found.map(({ accountId }) => accountId));
    const changes = passwords.filter(({ accountId }) => news.has(accountId));
    const needed = changes.filter((password) => !isHashed(password)).map(({ accountId }) => accountId);
    if (needed.length > 0) return { changes: 0, needed };
    const replaced = new Set(found.filter(({ replaces }) => replaces).map(({ tenantId }) => tenantId));
    const goOn = new Set<TenantId>();
    for (const tenantId of replaced) if (!(await endsSessions(this.copies, tenantId))) goOn.add(tenantId);
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
        const done = await tx.first(setDeclaredPassword, { password, changed });
        if (!goOn.has(tenantId)) await this.floors.add(tx, passwordFloors(done, { tenantId, accountId, changed }));
        if (done) count++;
      }
      return count;
    });
    // Those of an earlier application too, which was told that they were not confirmed: to this one nothing is left to change.
    await this.floors.raiseLeftOf([...new Set(passwords.map(({ tenantId }) => tenantId))]);
    return { changes: set, needed: [] };
  }
}
