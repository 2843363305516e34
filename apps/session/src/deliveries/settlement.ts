import {
  logoutDelivered,
  logoutDeliveryDeadLettered,
  logoutDeliveryFailed,
  type EventContext,
  type RecordedEvent,
} from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import { recordEvents } from '../store/end-session.js';
import { waitAfter } from './back-off.js';
import type { Call } from './logout-call.js';
import type { DueDelivery } from './store/claim-deliveries.js';
import { dropUnwanted, giveUpOverdue, markDelivered, markFailed, postpone } from './store/settle-deliveries.js';

type Attempt = Extract<Call, { kind: 'delivered' | 'failed' }>;
/** Who is told of what. */
type Told = Pick<DueDelivery, 'tenantId' | 'id' | 'sessionId' | 'accountId' | 'clientId'>;
export type Settled = 'delivered' | 'failed' | 'dead_lettered' | 'unwanted' | 'waiting';

const batch = 1_000;
/** Milliseconds for which a delivery waits that could not be tried. */
const rest = 1_000;
const context: EventContext = { actor: 'service:session' };

/** Writes down what came of an attempt, each with its event in the same transaction: who was told, when, and what they answered. */
export class Settlement {
  constructor(
    private readonly database: Pick<Database, 'execute' | 'first' | 'run'>,
    private readonly events: EventFactory,
    private readonly random: () => number,
    /** Told how many ended, or failed, and how. */
    private readonly onSettled: (outcome: Settled, count: number) => void,
  ) {}

  async settle(delivery: DueDelivery, call: Call): Promise<void> {
    switch (call.kind) {
      case 'waiting':
        await this.database.execute(postpone, { ...delivery, wait: rest });
        this.onSettled('waiting', 1);
        return;
      case 'unwanted':
        await this.#unwanted(delivery);
        return;
      case 'delivered':
        await this.#delivered(delivery, call);
        return;
      case 'failed':
        await this.#failed(delivery, call, waitAfter(delivery.attempts + 1, this.random));
    }
  }

  /** Nothing is written, and nothing counted, where another replica has taken the row over meanwhile. */
  async #delivered(delivery: DueDelivery, call: Attempt): Promise<void> {
    const delivered = this.#event(logoutDelivered, delivery, call);
    const written = await this.database.execute(markDelivered, { ...delivery, answer: call.answer, delivered });
    if (written.length > 0) this.onSettled('delivered', 1);
  }

  /** What was never tried leaves no trace; what was, ends with a word for it. */
  async #unwanted(delivery: DueDelivery): Promise<void> {
    if (delivery.attempts > 0) await this.#failed(delivery, { kind: 'failed', answer: 'unregistered', sent: {} }, null);
    let dropped: number;
    do {
      dropped = (await this.database.execute(dropUnwanted, { ...delivery, limit: batch })).length;
      this.onSettled('unwanted', dropped);
    } while (dropped === batch);
  }

  async #failed(delivery: DueDelivery, call: Attempt, wait: number | null): Promise<void> {
    const written = await this.database.first(markFailed, {
      ...delivery,
      ...{ answer: call.answer, wait },
      failed: this.#event(logoutDeliveryFailed, delivery, call),
      deadLettered: this.#event(logoutDeliveryDeadLettered, delivery, call),
    });
    if (!written) return;
    if (!written.dead) {
      this.onSettled('failed', 1);
      return;
    }
    this.onSettled('dead_lettered', 1);
    while ((await this.#giveUpOverdue({ ...delivery, attempts: delivery.attempts + 1 }, call.answer)) === batch);
  }

  async #giveUpOverdue(of: DueDelivery, answer: string): Promise<number> {
    const overdue = await this.database.run(async (tx) => {
      const rows = await tx.execute(giveUpOverdue, { ...of, answer, limit: batch });
      const events = rows.map((row) => {
        const call = { kind: 'failed', answer, sent: {} } as const;
        return [this.#event(logoutDeliveryDeadLettered, { ...of, ...row }, call, row.attempts), row.version] as const;
      });
      if (rows.length > 0) await tx.execute(recordEvents, { events });
      return rows.length;
    });
    if (overdue > 0) this.onSettled('dead_lettered', overdue);
    return overdue;
  }

  /** `attempt` is the statement's to say, which counts it, where there was one. */
  #event(
    definition: typeof logoutDelivered,
    { tenantId, id, sessionId, accountId, clientId }: Told,
    { answer, sent }: Attempt,
    attempt?: number,
  ): RecordedEvent {
    return this.events.make(definition, {
      tenantId,
      aggregate: id,
      session: sessionId,
      client: clientId,
      ...(accountId !== null && { account: accountId }),
      context,
      data: { answer, ...sent, ...(attempt !== undefined && { attempt }) },
    });
  }
}
