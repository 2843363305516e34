import {
  accountId,
  createAdministrator,
  findAdministrator,
  newId,
  passwordChanged,
  setupClaimed,
  setupFinished,
  setupReleased,
  type EventContext,
  type Network,
  type TenantId,
} from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import type { EventFactory, Hasher } from '@signet/service';
import type { SetupPerson } from './setup-form.js';
import {
  claimSetup,
  findSetup,
  finishSetup,
  releaseSetup,
  takeUnfinished,
  type ClaimedSetup,
  type FoundSetup,
} from './store/setup-statements.js';

export interface SetupDependencies {
  readonly database: Pick<Database, 'execute' | 'first'>;
  readonly requester: Pick<Requester, 'request'>;
  readonly hasher: Pick<Hasher, 'hash'>;
  readonly events: Pick<EventFactory, 'make'>;
}

/** `not_claimed`: the code was spent, replaced or out of time before this came. */
export type Made = 'created' | 'username_taken' | 'administered' | 'not_claimed';

/**
 * The first administrator of a tenant. A code is spent by the statement that keeps the password and whom it is for; the directory then makes the account
 * under the id that the password is kept for, asked until it has answered, by whoever claimed or, later, by any replica.
 */
export class FirstAdministrator {
  constructor(private readonly on: SetupDependencies) {}

  find(tenantId: TenantId, hash?: string): Promise<FoundSetup | undefined> {
    return this.on.database.first(findSetup, { tenantId, hash });
  }

  async exists(tenantId: TenantId): Promise<boolean> {
    return (await this.on.requester.request(findAdministrator, { tenantId })).exists;
  }

  /** Throws `unavailable` where the directory does not answer: the code is spent all the same, and the account follows. */
  async make(
    setup: { readonly tenantId: TenantId; readonly id: FoundSetup['id']; readonly hash: string },
    { password, username, claims }: SetupPerson,
    network: Network | undefined,
  ): Promise<Made> {
    const { database, events, hasher } = this.on;
    const { tenantId, id } = setup;
    const account = newId(accountId);
    const context: EventContext = { actor: `account:${account}`, ...(network && { network }) };
    const [claimed] = await database.execute(claimSetup, {
      ...{ ...setup, accountId: account, username, claims },
      passwordHash: await hasher.hash(password),
      claimed: events.make(setupClaimed, {
        ...{ tenantId, aggregate: id, account, context, data: {}, personal: { username } },
      }),
      passwordSet: events.make(passwordChanged, {
        ...{ tenantId, aggregate: account, account, context, data: { by: 'setup' } },
      }),
    });
    if (claimed === undefined) return 'not_claimed';
    return await this.#finish({ tenantId, id, accountId: account, username, claims }, context);
  }

  /** What a process that ended, or a directory that did not answer, has left. */
  async finishLeft(): Promise<void> {
    for (const left of await this.on.database.execute(takeUnfinished, undefined))
      await this.#finish(left, { actor: 'service:authn' });
  }

  async #finish(claimed: ClaimedSetup, context: EventContext): Promise<Exclude<Made, 'not_claimed'>> {
    const { database, requester, events } = this.on;
    const { tenantId, id, accountId: account, username, claims } = claimed;
    const asked = { tenantId, accountId: account, username, claims, context };
    const { outcome } = await requester.request(createAdministrator, asked);
    const about = { tenantId, aggregate: id, account, context, data: {} };
    if (outcome === 'created') {
      await database.execute(finishSetup, { claimed, event: events.make(setupFinished, about) });
    } else {
      const event = events.make(setupReleased, { ...about, reason: outcome });
      await database.execute(releaseSetup, { claimed, event });
    }
    return outcome;
  }
}
