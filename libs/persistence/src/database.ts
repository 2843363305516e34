import type { Failpoint, Installation, Micros, RecordedEvent } from '@signet/contracts';
import { assertClock } from './clock-check.js';
import { assertFitServer } from './server-check.js';
import { readTime } from './clock-poll.js';
import { ConnectionPool, type PersistenceLogger, type PoolState } from './connection-pool.js';
import type { Entities } from './data-source.js';
import { DatabaseClock } from './database-clock.js';
import { DatabaseUnavailable } from './errors.js';
import { GroupCommit } from './group-commit.js';
import { holdInstallation } from './installation.js';
import { Outbox } from './outbox.js';
import { migrateUnlessApplied, type Migration } from './migrate.js';
import { unfitSchema } from './refusal.js';
import { readOrigin, refuseRestored, type Origin } from './origin.js';
import { maintainPartitions, type PartitionPlan } from './partitions.js';
import { Periodic } from './periodic.js';
import { recordMany } from './record-event.js';
import { parseRows, queryOf, type Statement } from './statement.js';
import { traced, type StatementTrace } from './statement-trace.js';
import {
  runEntityTransaction,
  runTransaction,
  type EntityTransaction,
  type Transaction,
  type TransactionHooks,
} from './transaction.js';

export interface DatabaseOptions {
  url: string;
  /** The service, and its schema. */
  service: string;
  /** The schema is brought through them first; without, it must be there as it should be. */
  migrations?: readonly Migration[];
  /** 8 when absent. */
  poolSize?: number;
  /** Milliseconds within which a statement has a connection; 1,000 when absent. */
  connectTimeout?: number;
  /** Statements may take their time: for an operator's. */
  patient?: boolean;
  /** `expected`: opens a database that was restored from a backup, too, for whoever declares it. */
  restored?: 'refused' | 'expected';
  /** Refuses the schema of another installation, and takes one that is nobody's yet. */
  installation?: Installation;
  /** TypeORM's, for `runWithEntities`; asked for, as TypeORM is loaded, at its first use. */
  entities?: () => Promise<Entities>;
  /**
   * Told the name of each statement that is sent. A query of `tx.manager` is `persistence.manager.query`; a transaction's begin
   * and end, a round trip each, are `persistence.transaction.begin` and `persistence.transaction.end`.
   */
  metrics?: (statementName: string) => void;
  /** Told the milliseconds of each wait for a connection. */
  onWaited?: (milliseconds: number) => void;
  /** Begins to measure a statement by its name, as `metrics` has it; what it gives, if anything, is called at its end. */
  trace?: StatementTrace | undefined;
  /** Reached around each statement and each transaction's end; the detail is the statement's name, for a transaction each of its own. */
  failpoint?: Failpoint;
  /** Bytes that the outbox may take; no limit when absent. */
  outboxMax?: number;
  logger?: PersistenceLogger;
  /** Accepts a server that may lose what it acknowledged: for tests. */
  allowUnsafeDurability?: boolean;
  /** False: nothing runs by itself, neither clock nor outbox; for tests. */
  background?: boolean;
  /** Milliseconds since the epoch, as the machine has it; for tests. */
  wallClock?: () => number;
}

/** Connections of a service's pool. */
export const defaultPoolSize = 8;
const clockMilliseconds = 1_000;
const outboxSizeMilliseconds = 5_000;
const partitionMilliseconds = 3_600_000;
const outboxPartitions: PartitionPlan = { unit: 'day', ahead: 2, keep: 'until-empty' };

/** A service's own schema in Postgres. All errors that mean "not now" are DatabaseUnavailable. */
export class Database {
  readonly clock = new DatabaseClock();
  readonly outbox: Outbox;
  readonly #recording: GroupCommit<RecordedEvent>;
  readonly #clockPoll: Periodic;
  readonly #periodic: readonly Periodic[];
  readonly #running = new Set<Promise<unknown>>();
  #origin: Origin | undefined;

  private constructor(
    private readonly pool: ConnectionPool,
    private readonly options: DatabaseOptions,
  ) {
    this.outbox = new Outbox({
      url: options.url,
      service: options.service,
      ceiling: options.outboxMax,
      execute: (s, p) => this.execute(s, p),
    });
    this.#recording = new GroupCommit({
      write: async (events) => {
        await this.execute(recordMany, events);
      },
      most: 256,
      waiting: 10_000,
    });
    this.#clockPoll = new Periodic(clockMilliseconds, () => this.pollClock(), this.#warn('database_clock_unread'));
    this.#periodic = [
      this.#clockPoll,
      new Periodic(outboxSizeMilliseconds, () => this.outbox.look(), this.#warn('outbox_unmeasured')),
      new Periodic(partitionMilliseconds, () => this.#maintainOutbox()),
    ];
  }

  /**
   * Connects, migrates, and refuses a server below PostgreSQL 15 or one that may lose commits, a restored backup that nobody
   * has declared, another installation's schema and, for what is to run, a clock that differs by more than a minute (UnfitServer).
   * Rejects with DatabaseUnavailable while the server is away; does not wait for it. With DatabaseRefused and DatabaseUntrusted, which are
   * of these, waiting would not help.
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const pool = new ConnectionPool({
      url: options.url,
      service: options.service,
      poolSize: options.poolSize ?? defaultPoolSize,
      connectTimeout: options.connectTimeout,
      patient: options.patient,
      entities: options.entities ?? (() => Promise.resolve([])),
      onWaited: options.onWaited,
      onTypeOrmQuery: (text) => options.metrics?.(typeOrmQueryName(text)),
      logger: options.logger,
    });
    const database = new Database(pool, options);
    try {
      await database.#migrate();
      await assertFitServer(pool, options.allowUnsafeDurability ?? false);
      await database.#checkOrigin();
      if (options.installation) await holdInstallation(pool, options.installation, options.service);
      await database.pollClock();
      if (options.background !== false) {
        assertClock((options.wallClock ?? Date.now)(), database.now(), options.logger);
        await database.outbox.measure();
        await database.#maintainOutbox();
        for (const periodic of database.#periodic) periodic.start();
      }
    } catch (error) {
      await database.close();
      throw unfitSchema(error, options.service);
    }
    return database;
  }

  /** Runs one statement, committed by itself, and gives its rows. */
  async execute<P, R>(s: Statement<P, R>, p: P): Promise<R[]> {
    if (s.records) this.outbox.refuseIfFull();
    const values = [...s.parameters(p)];
    this.options.metrics?.(s.name);
    this.options.failpoint?.('before-commit', s.name);
    const rows = await this.#tracked(
      traced(this.options.trace, s.name, () => this.pool.query({ ...queryOf(s), values })),
    );
    this.options.failpoint?.('after-commit', s.name);
    if (s.records) this.outbox.nudge();
    return parseRows(s, rows);
  }

  async first<P, R>(s: Statement<P, R>, p: P): Promise<R | undefined> {
    return (await this.execute(s, p))[0];
  }

  /**
   * One transaction: committed when `work` resolves, rolled back when it rejects. Never repeated, not even after a deadlock
   * (TransactionConflict): `work` may have had effects elsewhere. Requests to other services do not belong inside.
   */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#tracked(runTransaction(this.pool, this.#transactionHooks(), work));
  }

  /** `run` with TypeORM's manager in its hand. */
  runWithEntities<T>(work: (tx: EntityTransaction) => Promise<T>): Promise<T> {
    const hooks = this.#transactionHooks();
    return this.#tracked(this.pool.dataSource().then((source) => runEntityTransaction(source, hooks, work)));
  }

  /** Records what changed no row: resolves when it is committed. Concurrent ones share a commit. Rejects with OutboxFull at the ceiling. */
  async record(event: RecordedEvent): Promise<void> {
    this.outbox.refuseIfFull();
    await this.#recording.submit(event);
  }

  get connections(): PoolState {
    return this.pool.state;
  }

  /** Postgres' time, as estimated. Throws ClockUnknown (503) when it is not known. */
  now(): Micros {
    return this.clock.now();
  }

  /** For the service's own tables; the outbox's are seen to. */
  maintainPartitions(table: string, plan: PartitionPlan): Promise<{ made: string[]; dropped: string[] }> {
    return this.#tracked(maintainPartitions(this.pool, table, plan));
  }

  /** As it was when the schema was opened with its migrations. */
  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** True if Postgres answers. */
  async healthy(): Promise<boolean> {
    return this.pollClock().then(
      () => true,
      () => false,
    );
  }

  /** Reads Postgres' time once. Runs every second by itself until stopClockPoll. */
  async pollClock(): Promise<void> {
    const { at, sentAt, receivedAt } = await this.pool.borrow(readTime);
    this.clock.observe(at, sentAt, receivedAt);
  }

  /** For a service that feeds the clock by a poll of its own. */
  async stopClockPoll(): Promise<void> {
    await this.#clockPoll.stop();
  }

  /** Takes nothing new, lets what is under way end, and closes all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#periodic.map((periodic) => periodic.stop()));
    await this.#recording.idle();
    await Promise.allSettled(this.#running);
    await this.pool.close();
  }

  async #migrate(): Promise<void> {
    const { migrations, url, service, logger } = this.options;
    if (!migrations) return;
    const applied = await migrateUnlessApplied({ url, service, migrations }, (text) =>
      patiently(() => this.pool.query({ text })),
    );
    if (applied.length > 0) logger?.info({ applied }, 'database_migrated');
  }

  async #checkOrigin(): Promise<void> {
    const { migrations, logger, restored = 'refused' } = this.options;
    if (!migrations) return;
    this.#origin = await readOrigin(this.pool);
    if (restored === 'refused') refuseRestored(this.#origin, logger);
  }

  /** May fail for a lock that is not to be had; the default partition serves until the next time. */
  async #maintainOutbox(): Promise<void> {
    await this.maintainPartitions('outbox', outboxPartitions).catch(this.#warn('outbox_partitions_unmaintained'));
  }

  #transactionHooks(): TransactionHooks {
    const { failpoint, metrics, trace } = this.options;
    return {
      trace,
      onStatement: (name) => metrics?.(name),
      beforeRecord: () => {
        this.outbox.refuseIfFull();
      },
      beforeCommit: (names) => {
        for (const name of names) failpoint?.('before-commit', name);
      },
      afterCommit: (names, recorded) => {
        for (const name of names) failpoint?.('after-commit', name);
        if (recorded) this.outbox.nudge();
      },
    };
  }

  #warn(event: string): (error: unknown) => void {
    return (error) => this.options.logger?.warn({ reason: String(error) }, event);
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const done = () => this.#running.delete(work);
    work.then(done, done);
    return work;
  }
}

/** The first connection of all may take as long as five others: everything starts at once, and nobody waits for an answer yet. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || attempt === 5) throw error;
    }
  }
}

function typeOrmQueryName(text: string): string {
  if (text === 'START TRANSACTION') return 'persistence.transaction.begin';
  return text === 'ROLLBACK' ? 'persistence.transaction.end' : 'persistence.manager.query';
}
