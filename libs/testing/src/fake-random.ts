import { createHash } from 'node:crypto';

/** Bytes that look random and are the same in every run: never two draws alike, so tokens and ids stay apart. */
export class FakeRandom {
  #draws = 0;

  constructor(private readonly seed = 'signet') {}

  bytes(length: number): Uint8Array {
    const draw = this.#draws++;
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
      createHash('sha256').update(`${this.seed}/${draw}/${block}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  }
}
