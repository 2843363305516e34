import {
  clean,
  identifierKey,
  resolveAccount,
  signInFailed,
  signInFailuresSummarised,
  signInSucceeded,
  text,
  type AccountId,
  type Micros,
  type TenantId,
} from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import type { EventFactory, FailureLog, Hasher } from '@signet/service';
import type { z } from 'zod';
import { recordSignIn } from '../guessing/guess-bucket.js';
import type { GuessLimits } from '../guessing/guess-limits.js';
import type { Browser } from '../interaction/browser.js';
import { contextOf, type Exchange } from '../interaction/exchange.js';
import { readPassword } from '../store/password.js';
import { hashable, isSoundPassword, normalizePassword } from './sound-password.js';

export type PasswordChecked =
  | { readonly outcome: 'proved'; readonly accountId: AccountId; readonly since: Micros }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'too_many'; readonly retryAfter: number };

export interface Attempt {
  readonly exchange: Exchange;
  readonly browser: Browser;
  readonly username: string;
  readonly password: string;
  readonly clientId: string | undefined;
}

type Resolved = z.output<typeof resolveAccount.response>;

const identifier = text(320, 1);

/** What an attempt is judged by: the same work and the same answer whether or not there is such an account. */
export class PasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly requester: Requester,
    private readonly hasher: Hasher,
    private readonly guesses: GuessLimits,
    private readonly events: EventFactory,
    private readonly failures: FailureLog,
  ) {}

  async check(attempt: Attempt): Promise<PasswordChecked> {
    const { tenant } = attempt.exchange;
    const password = normalizePassword(attempt.password);
    const { account, readAt } = await this.resolve(tenant.id, attempt.username);
    const buckets = this.guesses.bucketsOf({
      tenantId: tenant.id,
      identifierKey: identifierKey(attempt.username),
      deviceId: account ? attempt.browser.deviceOf(account.accountId) : undefined,
      network: contextOf(attempt.exchange).network ?? { ip: '', userAgent: '' },
    });
    const taken = await this.guesses.take(tenant.id, buckets);
    if (!taken.allowed) {
      await this.refuse(attempt, account, 'too_many_attempts');
      return { outcome: 'too_many', retryAfter: taken.retryAfter };
    }
    const matches = await this.matches(tenant.id, account, password);
    if (!account || !matches || account.status !== 'active') {
      const reason = !account ? 'unknown_account' : matches ? 'account_disabled' : 'wrong_password';
      await this.refuse(attempt, account, reason);
      return { outcome: 'wrong' };
    }
    await this.database.execute(recordSignIn, {
      tenantId: tenant.id,
      guesses: buckets,
      succeeded: this.events.make(signInSucceeded, {
        tenantId: tenant.id,
        account: account.accountId,
        ...(attempt.clientId !== undefined && { client: attempt.clientId }),
        context: contextOf(attempt.exchange, account.accountId),
        data: { amr: ['pwd'] },
        personal: { username: account.username },
      }),
    });
    return { outcome: 'proved', accountId: account.accountId, since: readAt };
  }

  /** Text that no identifier can be is looked up as one that nobody has, so that it costs the same. */
  private async resolve(tenantId: TenantId, username: string): Promise<Resolved> {
    const parsed = identifier.safeParse(username);
    return await this.requester.request(resolveAccount, {
      tenantId,
      identifier: parsed.success ? parsed.data : '\uFFFD',
    });
  }

  private async matches(tenantId: TenantId, account: Resolved['account'], password: string): Promise<boolean> {
    const sound = isSoundPassword(password);
    const stored = account && (await this.database.first(readPassword, { tenantId, accountId: account.accountId }));
    return stored && sound
      ? await this.hasher.verify(stored.hash, password)
      : await this.hasher.dummy(hashable(password));
  }

  private async refuse(attempt: Attempt, account: Resolved['account'], reason: string): Promise<void> {
    await this.failures.record(signInFailed, signInFailuresSummarised, {
      tenantId: attempt.exchange.tenant.id,
      ...(account && { account: account.accountId }),
      ...(attempt.clientId !== undefined && { client: attempt.clientId }),
      context: contextOf(attempt.exchange),
      data: {},
      personal: { username: clean(attempt.username, 320) },
      reason,
    });
  }
}
