/**
 * The database did not do it now, and a repeat may succeed: the edge answers 503 with Retry-After.
 * After a connection was lost while a commit was under way, the change may stand all the same.
 */
export class DatabaseUnavailable extends Error {
  override readonly name: string = 'DatabaseUnavailable';

  constructor(
    readonly reason: string,
    /** SQLSTATE, where Postgres gave one. */
    readonly code?: string,
  ) {
    super(`The database is not available: ${reason}.`);
  }
}

/** TLS with the server fails, which waiting alone does not mend: the reason says what does. */
export class DatabaseUntrusted extends DatabaseUnavailable {
  override readonly name = 'DatabaseUntrusted';
}

/** The server lets this user in not at all, or not into this database, which waiting alone does not mend: the reason says what does. */
export class DatabaseRefused extends DatabaseUnavailable {
  override readonly name = 'DatabaseRefused';
}

/** What was not yet confirmed by audit has reached the ceiling, so nothing that must be recorded may happen. */
export class OutboxFull extends DatabaseUnavailable {
  override readonly name = 'OutboxFull';

  constructor() {
    super('the outbox has reached its ceiling');
  }
}

/** Nobody knows Postgres' time: no poll yet, or the last good one is too old. */
export class ClockUnknown extends DatabaseUnavailable {
  override readonly name = 'ClockUnknown';

  constructor() {
    super('its time is not known');
  }
}

/** Two transactions could not both go on (deadlock, serialization failure). Nothing was written; the whole may be repeated. */
export class TransactionConflict extends DatabaseUnavailable {
  override readonly name = 'TransactionConflict';

  constructor(code: string) {
    super('a concurrent transaction stood in the way', code);
  }
}

/** A unique constraint, or an exclusion constraint, has what was to be written already. */
export class Conflict extends Error {
  override readonly name = 'Conflict';

  constructor(readonly constraint: string) {
    super(`${constraint} has such a row already.`);
  }
}

/**
 * Postgres refused a statement: a bug, or a value that a boundary let through. Carries no text of Postgres' own where that
 * could quote a value, since values may be secrets.
 */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';

  constructor(
    readonly code: string | undefined,
    message: string,
    readonly constraint?: string,
  ) {
    super(message);
  }
}

/** A row that came back is not what its statement's schema says. Names the columns, never their values. */
export class RowMismatch extends Error {
  override readonly name = 'RowMismatch';

  constructor(
    readonly statement: string,
    readonly faults: readonly string[],
  ) {
    super(`A row of ${statement} does not fit its schema: ${faults.join('; ')}.`);
  }
}

/** The server or the database may not be used as it is; the message says what to do. */
export class UnfitServer extends Error {
  override readonly name = 'UnfitServer';
}

/** A migration that was applied is not, or is no longer, what the source says; or it has left nothing that this version could run on. */
export class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged';
}
