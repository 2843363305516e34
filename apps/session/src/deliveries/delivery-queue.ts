import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseUnavailable, type Database } from '@signet/persistence';
import type { ServiceLogger } from '@signet/service';
import type { Call } from './logout-call.js';
import { claimDeliveries, type ClientPlace, type DueDelivery } from './store/claim-deliveries.js';

export interface DeliveryQueueOptions {
  readonly database: Pick<Database, 'execute'>;
  readonly logger: Pick<ServiceLogger, 'warn'>;
  readonly call: (delivery: DueDelivery) => Promise<Call>;
  readonly settle: (delivery: DueDelivery, call: Call) => Promise<void>;
  /** Milliseconds between two looks, where nothing ends here meanwhile. */
  readonly every?: number;
}

/** Under way at once in this replica; `failing`: to clients of which something that was tried is waiting, one each. */
const most = { perClient: 4, altogether: 256, failing: 128 } as const;
/** Seconds; longer than an attempt takes, so that only what a dead replica has left is taken over. */
const lease = 30;
/** Milliseconds; with the attempt, shorter than the lease. */
const settlesFor = 12_000;
const settlesAgainAfter = 500;

const keyOf = ({ tenantId, clientId }: ClientPlace) => `${tenantId} ${clientId}`;

/**
 * Works off what clients are to be told. Every replica has one; a row is its own while it is under way. Clients are served in turn and a few
 * rows at a time, and one whose rows are under way is left alone until they have ended; those that did not answer share half of what is
 * under way at once: whoever does not answer delays nobody who does.
 */
export class DeliveryQueue {
  readonly #busy = new Map<string, ClientPlace & { left: number }>();
  readonly #underWay = new Set<Promise<void>>();
  #failingUnderWay = 0;
  #after: ClientPlace | undefined;
  #wake: () => void = () => undefined;
  #woken = false;
  /** Nothing can be tried now, so there is no hurry to look for more. */
  #resting = false;
  /** The last look failed. */
  #blind = false;
  #stopped = false;
  #working: Promise<void> | undefined;

  constructor(private readonly options: DeliveryQueueOptions) {}

  start(): void {
    this.#working = this.#work();
  }

  /** Something may be due: look at once. */
  nudge(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Takes nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.nudge();
    await this.#working;
    await Promise.all(this.#underWay);
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const claimed = await this.#claim();
      for (const delivery of claimed) this.#begin(delivery);
      if (claimed.length === 0 || this.#resting) await this.#untilWoken();
    }
  }

  async #claim(): Promise<DueDelivery[]> {
    const limit = most.altogether - this.#underWay.size;
    if (limit === 0) return [];
    const asked = {
      ...{ busy: [...this.#busy.values()], after: this.#after, perClient: most.perClient, limit, lease },
      failing: most.failing - this.#failingUnderWay,
    };
    const claimed = await this.options.database.execute(claimDeliveries, asked).catch((error: unknown) => {
      // Told when an outage begins, not each second of it.
      if (!this.#blind) this.options.logger.warn('logout_deliveries.unclaimed', { error });
      this.#blind = true;
    });
    if (!claimed) return [];
    this.#blind = false;
    const [first, ...others] = claimed;
    if (first) this.#after = others.reduce((last, each) => (each.place > last.place ? each : last), first);
    return claimed;
  }

  #begin(delivery: DueDelivery): void {
    const key = keyOf(delivery);
    const client = this.#busy.get(key) ?? { ...delivery, left: 0 };
    client.left += 1;
    this.#busy.set(key, client);
    if (delivery.failing) this.#failingUnderWay += 1;
    const running = this.#deliver(delivery).finally(() => {
      this.#underWay.delete(running);
      if (delivery.failing) this.#failingUnderWay -= 1;
      client.left -= 1;
      if (client.left > 0) return;
      this.#busy.delete(key);
      this.nudge();
    });
    this.#underWay.add(running);
  }

  /** What cannot be written down is tried again when its lease is over. */
  async #deliver(delivery: DueDelivery): Promise<void> {
    try {
      const call = await this.options.call(delivery);
      if (call.kind === 'waiting') this.#resting = true;
      await this.#settle(delivery, call);
    } catch (error) {
      this.options.logger.warn('logout_deliveries.unsettled', { delivery: delivery.id, error });
    }
  }

  /** Postgres may be away for a moment, and the client is not to be told again for that. */
  async #settle(delivery: DueDelivery, call: Call): Promise<void> {
    const end = performance.now() + settlesFor;
    for (;;) {
      try {
        await this.options.settle(delivery, call);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || this.#stopped || performance.now() > end) throw error;
        await pause(settlesAgainAfter, undefined, { ref: false });
      }
    }
  }

  async #untilWoken(): Promise<void> {
    const waiting = new AbortController();
    this.#wake = () => {
      if (!this.#resting || this.#stopped) waiting.abort();
    };
    if (this.#woken) this.#wake();
    const every = this.options.every ?? 1_000;
    await pause(every, undefined, { signal: waiting.signal, ref: false }).catch(() => undefined);
    this.#resting = false;
  }
}
