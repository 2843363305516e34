export type { PersistenceLogger, PoolState } from './connection-pool.js';
export { clockBounds, secondsAhead } from './clock-check.js';
export { Database, type DatabaseOptions } from './database.js';
export { DatabaseClock } from './database-clock.js';
export {
  ClockUnknown,
  Conflict,
  DatabaseRefused,
  DatabaseUnavailable,
  DatabaseUntrusted,
  MigrationChanged,
  OutboxFull,
  RowMismatch,
  StatementFailed,
  TransactionConflict,
  UnfitServer,
} from './errors.js';
export { examineDatabase, type DatabaseFacts } from './examine.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export {
  findIdempotencyKey,
  forgetIdempotencyKeys,
  idempotencyKeys,
  keepIdempotencyKey,
  lockIdempotencyKey,
  type IdempotencyKey,
  type KeptAnswer,
} from './idempotency.js';
export { adoptInstallation, readInstallation } from './installation.js';
export { migrate, type Migration } from './migrate.js';
export type { Outbox, OutboxRow } from './outbox.js';
export type { OutboxLease } from './outbox-lease.js';
export { listSetAside, sendAgain, type SetAside } from './outbox-set-aside.js';
export {
  advanceConsumerPosition,
  dropUnraisedFloors,
  keepUnraisedFloor,
  listUnraisedFloors,
  readConsumerPosition,
  type ConsumerPosition,
  type UnraisedFloor,
} from './owner-state.js';
export type { PartitionPlan } from './partitions.js';
export { prepareDatabase, type ServiceToPrepare } from './prepare.js';
export { eventParameter, recordEventParameters } from './record-event.js';
export { bytea, ignoredRow, int8, micros, microsOf, nowMicros, timestampOf } from './row-types.js';
export { countOthers, declareOrigin, type Origin } from './origin.js';
export { filtered, type Filter } from './filtered.js';
export { composed, statement, type Statement } from './statement.js';
export type { StatementTrace } from './statement-trace.js';
export type { EntityTransaction, Transaction } from './transaction.js';
export { databaseTransport, type DatabaseTlsFiles, type DatabaseTransport } from './verified-tls.js';
