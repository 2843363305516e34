/** So much waits already that this would not be done in time. The edge answers 503 with Retry-After. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';

  constructor(what: string) {
    super(`${what} has too much to do.`);
  }
}
