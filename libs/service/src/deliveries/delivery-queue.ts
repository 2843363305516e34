import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseUnavailable } from '@signet/persistence';
import type { ServiceLogger } from '../observability/service-logger.js';

/** What is due, as a claim gives it. */
export interface Due {
  readonly id: string;
  /** Something that its receiver did not take is waiting. */
  readonly failing: boolean;
  /** Of the receiver in this turn. */
  readonly place: number;
}

/** What a claim is asked for. */
export interface Claiming<P> {
  /** Whose last deliveries have not ended here. */
  readonly busy: readonly P[];
  /** The receiver that had its turn last; the next one is first now. */
  readonly after: P | undefined;
  readonly limit: number;
  /** Of the limit: for receivers that are failing, one each. */
  readonly failing: number;
}

export interface DeliveryQueueOptions<P, D extends P & Due, C extends { readonly kind: string }> {
  /** What the log calls it. */
  readonly name: string;
  readonly logger: Pick<ServiceLogger, 'warn'>;
  readonly keyOf: (receiver: P) => string;
  /** Takes rows for longer than an attempt and its settling take. */
  readonly claim: (asked: Claiming<P>) => Promise<D[]>;
  /** One attempt. What is `waiting` could not be tried, for a reason of ours: then there is no hurry to look for more. */
  readonly call: (delivery: D) => Promise<C>;
  readonly settle: (delivery: D, call: C) => Promise<void>;
  /** Milliseconds between two looks, where nothing ends here meanwhile. */
  readonly every?: number;
}

/** Under way at once in this replica; `failing`: to receivers of which something that was tried is waiting, one each. */
const most = { altogether: 256, failing: 128 } as const;
/** Milliseconds; with the attempt, shorter than the lease. */
const settlesFor = 12_000;
const settlesAgainAfter = 500;

/**
 * Works off what receivers are to be told. Every replica has one; a row is its own while it is under way. Receivers are served in turn and a
 * few rows at a time, and one whose rows are under way is left alone until they have ended; those that did not answer share half of what is
 * under way at once: whoever does not answer delays nobody who does.
 */
export class DeliveryQueue<P, D extends P & Due, C extends { readonly kind: string }> {
  readonly #busy = new Map<string, { readonly receiver: P; left: number }>();
  readonly #underWay = new Set<Promise<void>>();
  #failingUnderWay = 0;
  #after: P | undefined;
  #wake: () => void = () => undefined;
  #woken = false;
  /** Nothing can be tried now, so there is no hurry to look for more. */
  #resting = false;
  /** The last look failed. */
  #blind = false;
  #stopped = false;
  #working: Promise<void> | undefined;

  constructor(private readonly options: DeliveryQueueOptions<P, D, C>) {}

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

  async #claim(): Promise<D[]> {
    const limit = most.altogether - this.#underWay.size;
    if (limit === 0) return [];
    const busy = [...this.#busy.values()].map(({ receiver }) => receiver);
    const failing = most.failing - this.#failingUnderWay;
    const claimed = await this.options.claim({ busy, after: this.#after, limit, failing }).catch((error: unknown) => {
      // Told when an outage begins, not each second of it.
      if (!this.#blind) this.options.logger.warn(`${this.options.name}.unclaimed`, { error });
      this.#blind = true;
    });
    if (!claimed) return [];
    this.#blind = false;
    const [first, ...others] = claimed;
    if (first) this.#after = others.reduce((last, each) => (each.place > last.place ? each : last), first);
    return claimed;
  }

  #begin(delivery: D): void {
    const key = this.options.keyOf(delivery);
    const busy = this.#busy.get(key) ?? { receiver: delivery, left: 0 };
    busy.left += 1;
    this.#busy.set(key, busy);
    if (delivery.failing) this.#failingUnderWay += 1;
    const running = this.#deliver(delivery).finally(() => {
      this.#underWay.delete(running);
      if (delivery.failing) this.#failingUnderWay -= 1;
      busy.left -= 1;
      if (busy.left > 0) return;
      this.#busy.delete(key);
      this.nudge();
    });
    this.#underWay.add(running);
  }

  /** What cannot be written down is tried again when its lease is over. */
  async #deliver(delivery: D): Promise<void> {
    try {
      const call = await this.options.call(delivery);
      if (call.kind === 'waiting') this.#resting = true;
      await this.#settle(delivery, call);
    } catch (error) {
      this.options.logger.warn(`${this.options.name}.unsettled`, { delivery: delivery.id, error });
    }
  }

  /** Postgres may be away for a moment, and the receiver is not to be told again for that. */
  async #settle(delivery: D, call: C): Promise<void> {
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
