import type { ProblemCode, ProblemError } from '@signet/contracts';

interface More {
  readonly errors?: readonly ProblemError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A call of the Management API is refused, for a reason that it is told. Thrown, so that the transaction that it is found out in is taken back. */
export class ManagementProblem extends Error {
  override readonly name = 'ManagementProblem';
  readonly errors: readonly ProblemError[];
  readonly headers: Readonly<Record<string, string>>;

  /** `detail` is told: nothing secret, and nothing of another tenant. */
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    { errors = [], headers = {}, cause }: More = {},
  ) {
    super(detail, cause === undefined ? undefined : { cause });
    this.errors = errors;
    this.headers = headers;
  }
}

/** The same for an id that is nobody's, another tenant's, or out of reach. */
export const nothingThere = (): ManagementProblem => new ManagementProblem('not-found', 'There is no such thing');
