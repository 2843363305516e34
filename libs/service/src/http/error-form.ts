import type { PageFailure } from './failure.js';
import type { HttpReply } from './types.js';

/** A failure as a protocol has it. */
export interface ToldError {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Its media type. */
  readonly type: string;
  readonly body: unknown;
}

/** How one protocol of a service tells failures. It shapes answers and guards nothing, so it may go by the path. */
export interface ErrorForm {
  /** The path below which everything is told so. */
  readonly path: string;
  /** What the service's own code throws for an expected failure; undefined for anything else. */
  ofThrown(thrown: unknown): ToldError | undefined;
  ofFailure(failure: PageFailure): ToldError;
}

export function sendToldError(reply: HttpReply, { status, headers = {}, type, body }: ToldError): void {
  void reply.status(status).headers(headers).header('Cache-Control', 'no-store').type(type).send(JSON.stringify(body));
}
