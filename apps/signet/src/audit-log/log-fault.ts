/** The log does not fit: where first, and what. */
export class LogFault extends Error {
  override readonly name = 'LogFault';

  constructor(
    message: string,
    /** The first entry that does not fit; absent where it is no single one. */
    readonly entry?: { readonly index: number; readonly id?: string | undefined },
  ) {
    super(message);
  }

  /** For people. */
  describe(): string {
    if (!this.entry) return this.message;
    const { index, id } = this.entry;
    return `entry ${index}${id === undefined ? '' : ` (event ${id})`}: ${this.message}`;
  }
}
