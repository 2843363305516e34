import { AsyncLocalStorage } from 'node:async_hooks';

/** What a call hands on to the calls that it makes. */
export interface CallContext {
  /** Milliseconds since the epoch on this process's clock; only the remaining time ever travels. */
  readonly deadline: number;
  /** W3C Trace Context. */
  readonly traceparent: string | undefined;
  /** Aborted at the deadline, or earlier when the caller has gone. */
  readonly signal: AbortSignal;
}

export const callContext = new AsyncLocalStorage<CallContext>();

/** Most calls never look at their signal, so its timer is made on first use. */
class LazyContext implements CallContext {
  #signal: AbortSignal | undefined;

  constructor(
    readonly deadline: number,
    readonly traceparent: string | undefined,
    /** Set where somebody may give up before the deadline. */
    readonly callerSignal: AbortSignal | undefined,
  ) {}

  get signal(): AbortSignal {
    if (!this.#signal) {
      const atDeadline =
        this.deadline === Infinity
          ? new AbortController().signal
          : AbortSignal.timeout(Math.max(0, Math.ceil(this.deadline - Date.now())));
      this.#signal = this.callerSignal ? AbortSignal.any([atDeadline, this.callerSignal]) : atDeadline;
    }
    return this.#signal;
  }
}

export interface ContextOptions {
  readonly traceparent?: string | undefined;
  /** Milliseconds since the epoch (`Date.now() + 5_000`); Infinity for work that nobody waits for. */
  readonly deadline: number;
  /** Aborts the requests made in this context before the deadline, say because the client hung up. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs `fn` so that every request made in it, however deep, inherits this deadline and trace. */
export function runWithContext<T>(options: ContextOptions, fn: () => T): T {
  return callContext.run(new LazyContext(options.deadline, options.traceparent, options.signal), fn);
}

/** The signal that may fire before the deadline, without making a timer. */
export function callerSignal(context: CallContext | undefined): AbortSignal | undefined {
  return context instanceof LazyContext ? context.callerSignal : context?.signal;
}
