/**
 * Lets so many at a time do their work; the others wait. Those who say who they are, are served in turn, and of one's own so many are under way
 * at most: whose work is slow waits alone.
 */
export class Turns {
  #free: number;
  readonly #busy = new Map<string, number>();
  /** Those who wait, the next one first. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(
    most: number,
    private readonly mostOfOne = most,
  ) {
    this.#free = most;
  }

  async take<T>(work: () => Promise<T>, who = ''): Promise<T> {
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
