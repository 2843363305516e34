import { createHash } from 'node:crypto';

const words = 3;

/**
 * The last version of each aggregate, in 12 bytes each: two aggregates whose names share the first 64 bits of their SHA-256 would be taken for one,
 * which among ten million happens once in some hundred thousand logs.
 */
export class VersionTable {
  #slots = new Uint32Array(1_024 * words);
  #count = 0;

  get(aggregate: string): number {
    return this.#slots[this.#place(this.#slots, keyOf(aggregate)) + 2] ?? 0;
  }

  set(aggregate: string, version: number): void {
    const key = keyOf(aggregate);
    const place = this.#place(this.#slots, key);
    if (this.#slots[place + 2] === 0) this.#count += 1;
    this.#slots.set([...key, version], place);
    if (this.#count * 3 > (this.#slots.length / words) * 2) this.#grow();
  }

  /** Of the key's slot, or of the free one where it belongs: a version is never 0. */
  #place(slots: Uint32Array, [high, low]: readonly [number, number]): number {
    const count = slots.length / words;
    for (let slot = low % count; ; slot = (slot + 1) % count) {
      const place = slot * words;
      if (slots[place + 2] === 0 || (slots[place] === high && slots[place + 1] === low)) return place;
    }
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    for (let place = 0; place < this.#slots.length; place += words) {
      const [high = 0, low = 0, version = 0] = this.#slots.subarray(place, place + words);
      if (version > 0) slots.set([high, low, version], this.#place(slots, [high, low]));
    }
    this.#slots = slots;
  }
}

function keyOf(aggregate: string): readonly [number, number] {
  const hash = createHash('sha256').update(aggregate).digest();
  return [hash.readUInt32BE(0), hash.readUInt32BE(4)];
}
