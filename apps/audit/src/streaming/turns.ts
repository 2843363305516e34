/** Lets so many at a time do their work; the others wait for their turn. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** The same for the work of many, who are served in turn; of one's own so many are under way at most: whose work is slow waits alone. */
export class FairTurns {
  #free: number;
  readonly #busy = new Map<string, number>();
  /** Those who wait, the next one first. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(
    most: number,
    private readonly mostOfOne: number,
  ) {
    this.#free = most;
  }

  async take<T>(who: string, work: () => Promise<T>): Promise<T> {
    if (this.#mayBegin(who)) this.#begin(who);
    else await new Promise<void>((resolve) => this.#waiting.set(who, [...(this.#waiting.get(who) ?? []), resolve]));
    try {
      return await work();
    } finally {
      this.#end(who);
    }
  }

  #mayBegin(who: string): boolean {
    return this.#free > 0 && (this.#busy.get(who) ?? 0) < this.mostOfOne;
  }

  #begin(who: string): void {
    this.#free -= 1;
    this.#busy.set(who, (this.#busy.get(who) ?? 0) + 1);
  }

  #end(who: string): void {
    this.#free += 1;
    const left = (this.#busy.get(who) ?? 1) - 1;
    if (left > 0) this.#busy.set(who, left);
    else this.#busy.delete(who);
    const next = [...this.#waiting].find(([other]) => this.#mayBegin(other));
    if (!next) return;
    const [other, [begin, ...rest]] = next;
    this.#waiting.delete(other);
    if (rest.length > 0) this.#waiting.set(other, rest);
    this.#begin(other);
    begin?.();
  }
}
