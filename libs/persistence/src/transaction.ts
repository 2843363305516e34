import type { RecordedEvent } from '@signet/contracts';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { DatabaseUnavailable, StatementFailed } from './errors.js';
import { breaksConnection, mapDatabaseError } from './postgres-error.js';
import { recordOne } from './record-event.js';
import { parseRows, type Statement } from './statement.js';

export interface Transaction {
  execute<P, R>(s: Statement<P, R>, p: P): Promise<R[]>;
  first<P, R>(s: Statement<P, R>, p: P): Promise<R | undefined>;
  /** Writes the event to the outbox, with the change. `version` is the aggregate's, taken under its lock; 1 for an event of its own. */
  record(event: RecordedEvent, version?: number): Promise<void>;
  /** TypeORM's, on the same connection and transaction. */
  readonly manager: EntityManager;
}

export interface TransactionHooks {
  onStatement: (name: string) => void;
  /** Throws OutboxFull when nothing may be recorded. */
  beforeRecord: () => void;
  beforeCommit: (statements: readonly string[]) => void;
  afterCommit: (statements: readonly string[], recorded: boolean) => void;
}

const transactionEnd = 'persistence.transaction.end';

/** One transaction, on one connection, committed when `work` resolves and rolled back when it rejects. Repeats nothing. */
export async function runTransaction<T>(
  dataSource: DataSource,
  hooks: TransactionHooks,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  let client: PoolClient;
  try {
    client = (await runner.connect()) as PoolClient;
  } catch (error) {
    throw mapDatabaseError(error);
  }
  const tx = new RunningTransaction(runner, client, hooks);
  try {
    await runner.startTransaction();
    const result = await work(tx);
    hooks.onStatement(transactionEnd);
    tx.statements.push(transactionEnd);
    hooks.beforeCommit(tx.statements);
    await commit(client);
    hooks.afterCommit(tx.statements, tx.recorded);
    return result;
  } catch (error) {
    await rollBack(runner, client, error);
    throw mapDatabaseError(error);
  } finally {
    tx.close();
    await runner.release();
  }
}

class RunningTransaction implements Transaction {
  readonly statements: string[] = [];
  recorded = false;
  #open = true;

  constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
    private readonly hooks: TransactionHooks,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  async execute<P, R>(s: Statement<P, R>, p: P): Promise<R[]> {
    if (!this.#open) throw new TypeError(`${s.name}: the transaction is over.`);
    if (this.runner.isReleased) throw new DatabaseUnavailable('the connection was lost');
    if (s.records) this.hooks.beforeRecord();
    const values = [...s.parameters(p)];
    this.hooks.onStatement(s.name);
    this.statements.push(s.name);
    try {
      const { rows } = await this.client.query<Record<string, unknown>>({ name: s.name, text: s.text, values });
      if (s.records) this.recorded = true;
      return parseRows(s, rows);
    } catch (error) {
      // Ends a connection that must not be used again, so that the pool takes it out.
      if (breaksConnection(error)) void this.client.end();
      throw mapDatabaseError(error);
    }
  }

  async first<P, R>(s: Statement<P, R>, p: P): Promise<R | undefined> {
    return (await this.execute(s, p))[0];
  }

  async record(event: RecordedEvent, version = 1): Promise<void> {
    await this.execute(recordOne, { event, version });
  }

  close(): void {
    this.#open = false;
  }
}

/** Not the runner's: it would not see that Postgres answers ROLLBACK, and no error, after a failure that `work` has swallowed. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') {
    throw new StatementFailed(
      undefined,
      'A statement of the transaction had failed, and its failure was not passed on.',
    );
  }
}

async function rollBack(runner: QueryRunner, client: PoolClient, cause: unknown): Promise<void> {
  if (runner.isReleased) return;
  try {
    if (breaksConnection(cause)) throw cause;
    await runner.rollbackTransaction();
  } catch {
    // A connection whose transaction may still be open must not go back to the pool; a pool drops ended ones.
    void client.end();
  }
}
