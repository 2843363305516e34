import type { RecordedEvent } from '@signet/contracts';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { ConnectionPool } from './connection-pool.js';
import { StatementFailed } from './errors.js';
import { breaksConnection, mapDatabaseError } from './postgres-error.js';
import { recordOne } from './record-event.js';
import { parseRows, queryOf, type Statement } from './statement.js';
import { traced, type StatementTrace } from './statement-trace.js';

export interface Transaction {
  execute<P, R>(s: Statement<P, R>, p: P): Promise<R[]>;
  first<P, R>(s: Statement<P, R>, p: P): Promise<R | undefined>;
  /** Writes the event to the outbox, with the change. `version` is the aggregate's, taken under its lock; 1 for an event of its own. */
  record(event: RecordedEvent, version?: number): Promise<void>;
}

export interface EntityTransaction extends Transaction {
  /** TypeORM's, on the same connection and transaction. */
  readonly manager: EntityManager;
}

export interface TransactionHooks {
  trace: StatementTrace | undefined;
  onStatement: (name: string) => void;
  /** Throws OutboxFull when nothing may be recorded. */
  beforeRecord: () => void;
  beforeCommit: (statements: readonly string[]) => void;
  afterCommit: (statements: readonly string[], recorded: boolean) => void;
}

const transactionBegin = 'persistence.transaction.begin';
const transactionEnd = 'persistence.transaction.end';

/** One transaction, on one connection, committed when `work` resolves and rolled back when it rejects. Repeats nothing. */
export function runTransaction<T>(
  pool: ConnectionPool,
  hooks: TransactionHooks,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return pool.borrow((client) => {
    const send = async (text: string, name: string) => {
      hooks.onStatement(name);
      await traced(hooks.trace, name, () => client.query(text));
    };
    const begin = () => send('START TRANSACTION', transactionBegin);
    const rollBack = () => send('ROLLBACK', transactionEnd);
    return transact({ client, begin, rollBack }, hooks, new RunningTransaction(client, hooks), work);
  });
}

/** The same through TypeORM, which begins it and rolls it back, since its manager must know of it. */
export async function runEntityTransaction<T>(
  dataSource: DataSource,
  hooks: TransactionHooks,
  work: (tx: EntityTransaction) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    const begin = () => traced(hooks.trace, transactionBegin, () => runner.startTransaction());
    const rollBack = async () => {
      // It lets go by itself of a connection that broke.
      if (!runner.isReleased) await runner.rollbackTransaction();
    };
    const tx = Object.assign(new RunningTransaction(client, hooks), { manager: runner.manager });
    return await transact({ client, begin, rollBack }, hooks, tx, work);
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await runner.release();
  }
}

/** A connection, and how a transaction on it is begun and taken back. */
interface Session {
  readonly client: PoolClient;
  readonly begin: () => Promise<void>;
  readonly rollBack: () => Promise<void>;
}

async function transact<T, X extends RunningTransaction>(
  { client, begin, rollBack }: Session,
  hooks: TransactionHooks,
  tx: X,
  work: (tx: X) => Promise<T>,
): Promise<T> {
  try {
    await begin();
    const result = await work(tx);
    hooks.onStatement(transactionEnd);
    tx.statements.push(transactionEnd);
    hooks.beforeCommit(tx.statements);
    await traced(hooks.trace, transactionEnd, () => commit(client));
    hooks.afterCommit(tx.statements, tx.recorded);
    return result;
  } catch (error) {
    // A connection whose transaction may still be open must not go back to the pool; a pool drops ended ones.
    if (breaksConnection(error)) void client.end();
    else await rollBack().catch(() => void client.end());
    throw error;
  } finally {
    tx.close();
  }
}

class RunningTransaction implements Transaction {
  readonly statements: string[] = [];
  recorded = false;
  #open = true;

  constructor(
    private readonly client: PoolClient,
    private readonly hooks: TransactionHooks,
  ) {}

  async execute<P, R>(s: Statement<P, R>, p: P): Promise<R[]> {
    if (!this.#open) throw new TypeError(`${s.name}: the transaction is over.`);
    if (s.records) this.hooks.beforeRecord();
    const values = [...s.parameters(p)];
    this.hooks.onStatement(s.name);
    this.statements.push(s.name);
    try {
      const { rows } = await traced(this.hooks.trace, s.name, () =>
        this.client.query<Record<string, unknown>>({ ...queryOf(s), values }),
      );
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

/** Looks at what Postgres answers. TypeORM's would not see that Postgres answers ROLLBACK, and no error, after a failure that `work` has swallowed. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') {
    throw new StatementFailed(
      undefined,
      'A statement of the transaction had failed, and its failure was not passed on.',
    );
  }
}
