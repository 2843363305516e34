interface Flight<T> {
  /** Nothing before its turn has come. */
  readonly start: { at?: number };
  readonly outcome: Promise<T>;
  next?: Promise<T>;
}

/** Work that many wait for. That for one key never runs beside itself, and only so much of it runs at once for all keys. */
export class SharedWork<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(private readonly options: { readonly atOnce: number; readonly monotonic: () => number }) {}

  /** What comes of work that began less than `within` milliseconds ago, or begins later. All who come too late for it share the next. */
  join(key: string, within: number, work: () => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key);
    if (flight === undefined) return this.#start(key, work);
    const { at } = flight.start;
    if (at === undefined || this.options.monotonic() - at < within) return flight.outcome;
    // Whatever runs by then began after everybody who waits here had come.
    const next = () => this.#flights.get(key)?.outcome ?? this.#start(key, work);
    return (flight.next ??= flight.outcome.then(next, next));
  }

  #start(key: string, work: () => Promise<T>): Promise<T> {
    const start: Flight<T>['start'] = {};
    const outcome = this.#inTurn(() => {
      start.at = this.options.monotonic();
      return work();
    }).finally(() => this.#flights.delete(key));
    this.#flights.set(key, { start, outcome });
    return outcome;
  }

  async #inTurn(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.options.atOnce) this.#running++;
    else await new Promise<void>((turn) => this.#waiting.push(turn));
    try {
      return await work();
    } finally {
      const turn = this.#waiting.shift();
      if (turn === undefined) this.#running--;
      else turn();
    }
  }
}
