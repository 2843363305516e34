import { Controller } from '@nestjs/common';
import { listOwnGrants, withdrawOwnGrant, type Authentication, type DeadBy } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { z } from 'zod';
import { Accounts } from '../access-tokens/accounts.js';
import { GrantWithdrawals } from './grant-withdrawals.js';
import { judgeSignIn } from './store/judged-sign-in.js';
import { findGrant, listConsents, type StoredGrant } from './store/stored-grants.js';

type Listing = z.output<typeof listOwnGrants.request>;
type Withdrawal = z.output<typeof withdrawOwnGrant.request>;

const most = 200;

/** What people see and take back of what they have agreed to, at their account page. */
@Controller()
export class OwnGrantsController {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly withdrawals: GrantWithdrawals,
  ) {}

  @Serves(listOwnGrants)
  async list(request: Listing): Promise<z.input<typeof listOwnGrants.response>> {
    const by = await this.#deadBy(request);
    if (by !== undefined) return { outcome: 'dead', by };
    const { tenantId, authentication } = request;
    const about = { tenantId, accountId: authentication.accountId, limit: most + 1 };
    const grants = await this.database.execute(listConsents, about);
    return { outcome: 'live', grants: grants.slice(0, most).flatMap(shown), more: grants.length > most };
  }

  @Serves(withdrawOwnGrant)
  async withdraw(request: Withdrawal): Promise<z.input<typeof withdrawOwnGrant.response>> {
    const by = await this.#deadBy(request);
    if (by !== undefined) return { outcome: 'dead', by };
    const { tenantId, authentication, grantId, context } = request;
    const grant = await this.database.first(findGrant, { tenantId, grantId });
    if (grant?.accountId !== authentication.accountId) return { outcome: 'gone' };
    await this.withdrawals.withdraw(tenantId, grant, context);
    return { outcome: 'withdrawn' };
  }

  async #deadBy({ tenantId, authentication }: { tenantId: Listing['tenantId']; authentication: Authentication }) {
    const account = await this.accounts.find(tenantId, authentication.accountId);
    if (account?.status !== 'active') return 'account' satisfies DeadBy;
    return (await this.database.first(judgeSignIn, { tenantId, authentication }))?.deadBy ?? undefined;
  }
}

const shown = ({ grantId, clientId, scopes, agreedAt, lastUsedAt }: StoredGrant) =>
  agreedAt === null ? [] : [{ grantId, clientId, scopes: [...scopes], agreedAt, lastUsedAt }];
