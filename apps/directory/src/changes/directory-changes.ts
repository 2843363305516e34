import type { EventContext, RecordedEvent, TenantId } from '@signet/contracts';
import type { EntityTransaction, Transaction } from '@signet/persistence';
import { ChangeLog, type EventMaker } from './change-log.js';
import { findUnraised } from './change-statements.js';
import type { View } from './difference.js';
import type { Subject } from './floors.js';
import { settle, type Floors } from './settle.js';

export interface Transactions extends Pick<Transaction, 'execute' | 'first'> {
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  runWithEntities<T>(work: (tx: EntityTransaction) => Promise<T>): Promise<T>;
}

export interface ChangesDependencies {
  readonly database: Transactions;
  readonly events: EventMaker;
  readonly floors: Floors;
}

/** Whose objects are changed, and who does it. */
export interface ChangeScope {
  readonly tenantId: TenantId;
  readonly context: EventContext;
}

export interface Change<T extends Transaction = Transaction> {
  readonly tx: T;
  readonly log: ChangeLog;
}

/**
 * The one way to change the directory: one transaction with the events of what it changes; acknowledged when token has committed the floors of what
 * was taken away, those of an earlier change that was not acknowledged among them. Throws MeshError `unavailable` where they are not confirmed: the change
 * stands, and may be repeated.
 */
export class DirectoryChanges {
  constructor(private readonly on: ChangesDependencies) {}

  run<T>(scope: ChangeScope, work: (change: Change) => Promise<T>): Promise<T> {
    return this.#run(scope, work, (inside) => this.on.database.run(inside));
  }

  /** `run` with TypeORM's manager in its hand. */
  runWithEntities<T>(scope: ChangeScope, work: (change: Change<EntityTransaction>) => Promise<T>): Promise<T> {
    return this.#run(scope, work, (inside) => this.on.database.runWithEntities(inside));
  }

  /** The event of a creation that one statement makes and records: it takes nothing away, and asks for nothing more. */
  creation(context: EventContext, subject: Subject, view: View, concealed: readonly string[]): RecordedEvent {
    const log = new ChangeLog(this.on.events, context);
    log.created(subject, view, concealed);
    const [first] = log.events;
    if (!first) throw new TypeError('A creation without an event.');
    return first.event;
  }

  async #run<T, X extends Transaction>(
    { tenantId, context }: ChangeScope,
    work: (change: Change<X>) => Promise<T>,
    transact: <R>(inside: (tx: X) => Promise<R>) => Promise<R>,
  ): Promise<T> {
    const { events, floors } = this.on;
    const { outcome, unraised } = await transact(async (tx) => {
      const log = new ChangeLog(events, context);
      const outcome = await work({ tx, log });
      await settle(tx, log, floors);
      return { outcome, unraised: await tx.execute(findUnraised, { tenantIds: [tenantId] }) };
    });
    await floors.raise(unraised.map(({ id }) => id));
    return outcome;
  }
}
